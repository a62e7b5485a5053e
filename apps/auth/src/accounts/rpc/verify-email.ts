import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { VerifyEmailRequest } from '@universal-api/protos/gen/uapi/auth/v1/accounts_pb';
import type { AccountParts } from '../account-parts.ts';
import { confirmEmail } from '../people/confirm-email.ts';
import { findHomeTenant, readPerson } from '../find-person.ts';
import { recordAct } from '../record-act.ts';
import { required } from '../required.ts';
import { findToken, useToken } from '../tokens/one-time-tokens.ts';

/** Proves an address by a link, once. Errors: `invalid_grant`. */
export function verifyEmail(parts: Pick<AccountParts, 'database' | 'now' | 'recordAudit'>) {
  return async (request: VerifyEmailRequest, context: CallContext): Promise<{ email: string }> => {
    const token = required(request.token, 'token');
    const purpose = 'verify_email';
    const { userId } = await parts.database.instance((tx) => findToken(tx, { token, purpose, nowMs: parts.now() }));
    return parts.database.asUser(userId, async (tx) => {
      await useToken(tx, { token, userId, purpose, nowMs: parts.now() });
      await confirmEmail(tx, userId, parts.now());
      const person = await readPerson(tx, userId);
      if (person === undefined) throw new AppError('invalid_grant', { internal: 'the user is gone' });
      const tenantId = await findHomeTenant(tx, userId);
      await recordAct(parts.recordAudit, tx, context, { tenantId, userId, action: 'auth.email.verified' });
      return { email: person.email };
    });
  };
}
