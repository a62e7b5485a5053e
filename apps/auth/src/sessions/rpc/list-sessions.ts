import type { PageTokens, Selectable } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type {
  ListSessionsRequest,
  ListSessionsResponseSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import { actingUser } from '../../access/acting-user.ts';
import type { SessionsTable } from '../../store/session-tables.ts';
import type { SessionParts } from '../session-parts.ts';

type Parts = Pick<SessionParts, 'database' | 'clock'> & { readonly pages: PageTokens };
type Answer = MessageInitShape<typeof ListSessionsResponseSchema>;
type Row = Selectable<SessionsTable>;

const defaultPageSize = 20;

/**
 * The own sessions that live, in whatever tenant they act, newest first: ids are in the order of time. Errors:
 * `page_token_invalid`; `permission_denied` for a key.
 */
export function listSessions(parts: Parts): (request: ListSessionsRequest, context: CallContext) => Promise<Answer> {
  const { database, clock, pages } = parts;
  return async ({ pageSize = defaultPageSize, pageToken }, context) => {
    const { userId, sessionId, tenantId } = actingUser(context);
    const query = { list: 'auth.list_sessions', tenantId, filter: { user: userId } };
    const before = readBefore(pages.read(query, pageToken));
    const at = new Date(clock());
    const rows = await database.asUser(userId, (tx) => {
      const live = tx
        .selectFrom('sessions')
        .selectAll()
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .where('idle_until', '>', at)
        .where('absolute_until', '>', at);
      const page = before === undefined ? live : live.where('session_id', '<', before);
      return page
        .orderBy('session_id', 'desc')
        .limit(pageSize + 1)
        .execute();
    });
    const shown = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? shown.at(-1) : undefined;
    return {
      sessions: shown.map((row) => toSession(row, row.session_id === sessionId)),
      nextPageToken: last === undefined ? '' : pages.make(query, [last.session_id]),
    };
  };
}

function readBefore(keyset: ReturnType<PageTokens['read']>): string | undefined {
  if (keyset === undefined) return undefined;
  const [before] = keyset;
  if (typeof before !== 'string') throw new AppError('page_token_invalid');
  return before;
}

function toSession(row: Row, current: boolean): NonNullable<Answer['sessions']>[number] {
  return {
    id: toPublicId('session', row.session_id),
    current,
    kind: row.kind,
    userAgent: row.ua_family,
    ipPrefix: row.ip_prefix,
    amr: row.amr,
    createdAt: timestampFromDate(row.created_at),
    seenAt: timestampFromDate(row.seen_at),
    idleUntil: timestampFromDate(row.idle_until),
    absoluteUntil: timestampFromDate(row.absolute_until),
  };
}
