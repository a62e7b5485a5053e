import type { CallContext } from '@universal-api/grpc';
import type { ResetPasswordRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import type { AccountParts } from '../account-parts.ts';
import { confirmEmail } from '../people/confirm-email.ts';
import { findHomeTenant } from '../find-person.ts';
import { replacePassword } from '../passwords/replace-password.ts';
import { recordAct } from '../record-act.ts';
import { required } from '../required.ts';
import { findToken, useToken } from '../tokens/one-time-tokens.ts';
import { wordsOf } from './change-password.ts';

/**
 * A new password by a link; every session ends, and the address counts as proved. A password that must not be used leaves the link good.
 * Errors: `invalid_grant`, `invalid_request`, `overloaded`.
 */
export function resetPassword(parts: AccountParts) {
  return async (request: ResetPasswordRequest, context: CallContext): Promise<{ revokedSessions: number }> => {
    const token = required(request.token, 'token');
    const wanted = required(request.newPassword, 'new_password');
    const purpose = 'reset_password';
    const { userId } = await parts.database.instance((tx) => findToken(tx, { token, purpose, nowMs: parts.now() }));
    await parts.checkRule({ password: wanted, field: 'new_password', ...(await wordsOf(parts, userId)) });
    const phc = await parts.hasher.hash(wanted, context.signal);
    return parts.database.asUser(userId, async (tx) => {
      await useToken(tx, { token, userId, purpose, nowMs: parts.now() });
      await confirmEmail(tx, userId, parts.now());
      const revokedSessions = await replacePassword(parts, tx, { userId, phc });
      const tenantId = await findHomeTenant(tx, userId);
      await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: 'auth.password.reset' });
      return { revokedSessions };
    });
  };
}
