import type { CallContext } from '@universal-api/grpc';
import type { ChangePasswordRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import { AppError } from '@universal-api/errors';
import { actingUser } from '../../access/acting-user.ts';
import type { AccountParts } from '../account-parts.ts';
import { findPlaces, readPerson } from '../find-person.ts';
import { replacePassword } from '../passwords/replace-password.ts';
import { recordAct } from '../record-act.ts';
import { required } from '../required.ts';

/**
 * A new password for who knows the present one; every other session ends, and so does an open link for a new password.
 * Errors: `permission_denied` for a key; `fresh_proof_required`; those of `provePassword` for the present one; `invalid_request`
 * for a new one that must not be used.
 */
export function changePassword(parts: AccountParts) {
  return async (request: ChangePasswordRequest, context: CallContext): Promise<{ revokedSessions: number }> => {
    const { userId, sessionId, tenantId } = actingUser(context);
    await parts.requireFreshProof(context);
    const { signal, requestId, principal } = context;
    const password = required(request.oldPassword, 'old_password');
    await parts.checkPassword({ userId, password, address: principal.cip, requestId, signal });
    const wanted = required(request.newPassword, 'new_password');
    await parts.checkRule({ password: wanted, field: 'new_password', ...(await wordsOf(parts, userId)) });
    const phc = await parts.hasher.hash(wanted, signal);
    return parts.database.asUser(userId, async (tx) => {
      const revokedSessions = await replacePassword(parts, tx, { userId, phc, exceptSessionId: sessionId });
      await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: 'auth.password.changed' });
      return { revokedSessions };
    });
  };
}

/** The words that a password of this person may not be made of. Errors: `invalid_grant` if they are gone. */
export async function wordsOf({ database }: Pick<AccountParts, 'database'>, userId: string) {
  return database.asUser(userId, async (tx) => {
    const person = await readPerson(tx, userId);
    if (person === undefined) throw new AppError('invalid_grant', { internal: 'the user is gone' });
    const places = await findPlaces(tx, userId);
    return { email: person.email, username: person.username, tenantNames: places.map((place) => place.tenant_name) };
  });
}
