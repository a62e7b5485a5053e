import { sql, type Database, type PageTokens } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import { readField, timestampDate, timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { ListAuditRequest, ListAuditResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/audit_pb';
import type { AuthTables } from '../store/auth-tables.ts';
import { rowColumns, type StoredRow } from './audit-rows.ts';

type Answer = MessageInitShape<typeof ListAuditResponseSchema>;

interface NamedRow extends StoredRow {
  /** UUID, or a word such as `anonymous`; null when it was forgotten. */
  readonly known: string | null;
  /** Present name of the user or the key, where it can be seen. */
  readonly username: string | null;
  readonly key_name: string | null;
}

/**
 * A page of the own chain, newest first, each row with the name of who acted, as long as that is known.
 * Errors: `page_token_invalid`; `invalid_request` for a span that ends before it begins.
 */
export function listAudit({ database, pages }: { database: Database<AuthTables>; pages: PageTokens }) {
  return async (request: ListAuditRequest, { principal }: CallContext): Promise<Answer> => {
    const [from, to] = [request.from && timestampDate(request.from), request.to && timestampDate(request.to)];
    if (from && to && from > to)
      throw new AppError('invalid_request', { errors: [{ field: 'to', rule: 'not before from' }] });
    const filter = { action: request.action, from: from?.getTime(), to: to?.getTime() };
    const query = { list: 'audit.list', tenantId: principal.tid, filter };
    const [below] = pages.read(query, request.pageToken) ?? [];
    const pageSize = readField(request, 'pageSize');
    const rows = await database.transaction(principal.tid, async (tx) => {
      const found = await sql<NamedRow>`
        SELECT page.*, who.actor AS known, u.username,
               (SELECT k.name FROM api_keys k WHERE k.tenant_id = page.tenant_id AND k.lineage_id::text = who.actor
                ORDER BY k.created_at DESC LIMIT 1) AS key_name
        FROM (
          SELECT ${rowColumns} FROM audit
          WHERE tenant_id = ${principal.tid}
            AND (${request.action ?? null}::text IS NULL OR action = ${request.action ?? null})
            AND (${from ?? null}::timestamptz IS NULL OR at >= ${from ?? null})
            AND (${to ?? null}::timestamptz IS NULL OR at < ${to ?? null})
            AND (${below ?? null}::bigint IS NULL OR seq < ${below ?? null}::bigint)
          ORDER BY seq DESC LIMIT ${pageSize + 1}
        ) page
        LEFT JOIN audit_actors who ON who.tenant_id = page.tenant_id AND who.pseudonym = page.actor
        LEFT JOIN users u ON u.user_id::text = who.actor
        ORDER BY page.seq DESC`.execute(tx);
      return found.rows;
    });
    const page = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? page.at(-1) : undefined;
    return { rows: page.map(toRow), nextPageToken: last ? pages.make(query, [String(last.seq)]) : '' };
  };
}

type Row = NonNullable<Answer['rows']>[number];

function toRow(row: NamedRow): Row {
  return {
    seq: String(row.seq),
    at: timestampFromDate(row.at),
    actor: row.actor,
    actorName: nameOf(row),
    actorKind: row.actor_kind,
    action: row.action,
    object: row.object,
    outcome: row.outcome,
    reason: row.reason,
    requestId: row.request_id,
    ipPrefix: row.ip_prefix,
    diff: { ...row.diff },
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}

/** The name now, else the public id of who has none any more, else nothing: they were forgotten. */
function nameOf({ known, username, key_name, actor_kind }: NamedRow): string {
  if (known === null) return '';
  if (actor_kind === 'user') return username ?? toPublicId('user', known);
  if (actor_kind === 'key') return key_name ?? toPublicId('key', known);
  return known;
}
