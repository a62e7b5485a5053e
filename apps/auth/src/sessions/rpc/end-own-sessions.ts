import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { fromPublicId, toPublicId } from '@universal-api/ids';
import type { MessageInitShape } from '@universal-api/protos';
import type {
  LogoutRequest,
  LogoutResponseSchema,
  RevokeOtherSessionsRequest,
  RevokeSessionRequest,
} from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { actingUser, type ActingUser } from '../../access/acting-user.ts';
import { auditBy } from '../../access/audit-by.ts';
import { endSessions } from '../end-sessions.ts';
import type { SessionParts } from '../session-parts.ts';

type Parts = Pick<SessionParts, 'database' | 'recordAudit'>;
type Answer = MessageInitShape<typeof LogoutResponseSchema>;

/** Ends this session, or all of the user's. Errors: `permission_denied` for a key; those of `Database`. */
export function logout(parts: Parts): (request: LogoutRequest, context: CallContext) => Promise<Answer> {
  return async ({ all }, context) => {
    const user = actingUser(context);
    const which = all ? {} : { onlySessionId: user.sessionId };
    const action = { action: 'auth.logout', object: toPublicId('session', user.sessionId) };
    return answer(await end(parts, { user, context, which, ...action, diff: { all: String(all) } }));
  };
}

/** Ends one of the own sessions. Errors: `not_found` for one that is another's or over; `permission_denied` for a key. */
export function revokeSession(parts: Parts): (request: RevokeSessionRequest, context: CallContext) => Promise<Answer> {
  return async (request, context) => {
    const user = actingUser(context);
    const sessionId = fromPublicId('session', request.sessionId ?? '');
    if (sessionId === undefined) throw new AppError('not_found');
    const action = { action: 'auth.session.revoked', object: toPublicId('session', sessionId) };
    const ended = await end(parts, { user, context, which: { onlySessionId: sessionId }, ...action });
    if (ended === 0) throw new AppError('not_found');
    return answer(ended);
  };
}

/** Ends all of the own sessions but this one. Errors: `permission_denied` for a key; those of `Database`. */
export function revokeOtherSessions(
  parts: Parts,
): (request: RevokeOtherSessionsRequest, context: CallContext) => Promise<Answer> {
  return async (_request, context) => {
    const user = actingUser(context);
    const action = { action: 'auth.session.others_revoked', object: toPublicId('user', user.userId) };
    return answer(await end(parts, { user, context, which: { exceptSessionId: user.sessionId }, ...action }));
  };
}

interface Ending {
  readonly user: ActingUser;
  readonly context: CallContext;
  readonly which: { readonly onlySessionId?: string; readonly exceptSessionId?: string };
  readonly action: string;
  readonly object: string;
  readonly diff?: Readonly<Record<string, string>>;
}

/** What ended nothing is not told: there was no change. */
function end({ database, recordAudit }: Parts, ending: Ending): Promise<number> {
  const { user, context, which, action, object, diff = {} } = ending;
  return database.asUser(user.userId, async (tx) => {
    const ended = await endSessions(tx, { userId: user.userId, ...which });
    if (ended === 0) return ended;
    const change = { outcome: 'ok', diff: { ...diff, sessions: String(ended) } } as const;
    await recordAudit(tx, { ...auditBy(context), action, object, ...change });
    return ended;
  });
}

function answer(ended: number): Answer {
  const message = ended === 1 ? 'One session has ended.' : `${ended} sessions have ended.`;
  return { message, revokedSessions: ended };
}
