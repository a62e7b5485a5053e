import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { UpdateMeRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { actingUser } from '../../access/acting-user.ts';
import type { AccountParts } from '../account-parts.ts';
import { taken } from '../people/add-person.ts';
import { recordAct } from '../record-act.ts';
import { describeCaller } from './get-me.ts';

/** A name can be changed, a language also be cleared. */
const changeable = ['username', 'locale'] as const;

/**
 * Changes the own profile; without `update_mask` what is set changes. Errors: `permission_denied` for a key;
 * `invalid_request` for a language that is none, and for clearing the name; `already_exists` for a taken name.
 */
export function updateMe(parts: Pick<AccountParts, 'database' | 'recordAudit'>) {
  return async (request: UpdateMeRequest, context: CallContext) => {
    const { userId, tenantId } = actingUser(context);
    const change = readChange(request);
    const names = Object.keys(change);
    if (names.length > 0) {
      await parts.database.asUser(userId, async (tx) => {
        await tx
          .updateTable('users')
          .set(change)
          .where('user_id', '=', userId)
          .execute()
          .catch((error: unknown) => {
            if (isUniqueViolation(error)) throw taken('username', 'This name is taken. Choose another.');
            throw error;
          });
        const diff = Object.fromEntries(names.map((name) => [name, '']));
        await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: 'auth.user.changed', diff });
      });
    }
    return describeCaller(parts, context.principal);
  };
}

function readChange({ username, locale, updateMask }: UpdateMeRequest): { username?: string; locale?: string } {
  const paths = updateMask?.paths ?? changeable.filter((name) => ({ username, locale })[name] !== undefined);
  const change: { username?: string; locale?: string } = {};
  for (const path of paths) {
    if (path === 'locale') change.locale = readLocale(locale ?? '');
    else if (path === 'username' && username !== undefined) change.username = username;
    else throw new AppError('invalid_request', { errors: [{ field: path, rule: 'cannot_be_cleared' }] });
  }
  return change;
}

function readLocale(text: string): string {
  if (text === '') return '';
  try {
    return new Intl.Locale(text).toString();
  } catch {
    // The engine's own check of BCP 47 says no by throwing.
    throw new AppError('invalid_request', { errors: [{ field: 'locale', rule: 'language_tag' }] });
  }
}

function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}
