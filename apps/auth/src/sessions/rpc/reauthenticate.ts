import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import { timestampFromMs, type MessageInitShape } from '@universal-api/protos';
import type {
  ReauthenticateRequest,
  ReauthenticateResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { actingUser, type ActingUser } from '../../access/acting-user.ts';
import { auditBy } from '../../access/audit-by.ts';
import type { ProofParts, SessionParts } from '../session-parts.ts';

type Parts = Pick<SessionParts, 'database' | 'recordAudit' | 'clock' | 'times'> &
  Pick<ProofParts, 'checkPassword' | 'secondFactor'>;
type Answer = MessageInitShape<typeof ReauthenticateResponseSchema>;

/**
 * A fresh proof for this session: the password, or a code of the second factor.
 * Errors: `invalid_request` for none or both; those of `CheckPassword` and `SecondFactor.check`; `invalid_token` if the session
 * has ended; `permission_denied` for a key.
 */
export function reauthenticate(
  parts: Parts,
): (request: ReauthenticateRequest, context: CallContext) => Promise<Answer> {
  const { database, recordAudit, clock, times } = parts;
  return async (request, context) => {
    const user = actingUser(context);
    const way = await prove(parts, request, { user, context });
    const now = clock();
    await database.asUser(user.userId, async (tx) => {
      const session = await tx
        .updateTable('sessions')
        .set({ proof_at: new Date(now) })
        .where('session_id', '=', user.sessionId)
        .where('revoked_at', 'is', null)
        .returning('session_id')
        .executeTakeFirst();
      if (session === undefined) throw new AppError('invalid_token', { internal: 'the session has ended' });
      const object = toPublicId('session', user.sessionId);
      await recordAudit(tx, { ...auditBy(context), action: 'auth.reauth', object, outcome: 'ok', diff: { amr: way } });
    });
    return { freshUntil: timestampFromMs(now + times.freshMs) };
  };
}

async function prove(
  { checkPassword, secondFactor }: Parts,
  { password, code }: ReauthenticateRequest,
  { user, context }: { readonly user: ActingUser; readonly context: CallContext },
): Promise<string> {
  const { userId, sessionId } = user;
  const origin = { address: context.principal.cip, requestId: context.requestId };
  if (password !== undefined && code === undefined) {
    await checkPassword({ userId, password, ...origin, signal: context.signal });
    return 'pwd';
  }
  if (code !== undefined && password === undefined) return secondFactor.check(userId, code, { ...origin, sessionId });
  const rule = password === undefined ? 'password_or_code' : 'not_with_code';
  throw new AppError('invalid_request', { errors: [{ field: 'password', rule }] });
}
