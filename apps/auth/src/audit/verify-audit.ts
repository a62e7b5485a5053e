import { sql, type Database, type Transaction } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import type { MessageInitShape } from '@universal-api/protos';
import type { VerifyAuditRequest, VerifyAuditResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/audit_pb';
import type { AuthTables } from '../store/auth-tables.ts';
import { noHash } from './audit-hash.ts';
import { readRows } from './audit-rows.ts';
import { checkRows, type BadRow, type ChainPlace } from './check-chain.ts';

type Answer = MessageInitShape<typeof VerifyAuditResponseSchema>;

/** Rows that are read in one transaction. */
const rowsAtOnce = 500;

/**
 * Works the own chain out again, from the first row that is kept or from `from`, to the head or to `to`, and names the first
 * row that is wrong. What is appended meanwhile is not looked at. What cannot be seen: a chain that was written anew as a whole.
 * Errors: `cancelled` and `deadline_exceeded` for a chain that takes longer than the call; a part of it can be asked for.
 */
export function verifyAudit({ database }: { database: Database<AuthTables> }) {
  return async (request: VerifyAuditRequest, context: CallContext): Promise<Answer> => {
    const tenantId = context.principal.tid;
    const inTenant = <Result>(work: (tx: Transaction<AuthTables>) => Promise<Result>) =>
      database.transaction(tenantId, work);
    const head = await inTenant((tx) => readEnd(tx, tenantId));
    const to = request.to === undefined ? head.seq : least(BigInt(request.to), head.seq);
    const start = await inTenant((tx) =>
      startOf(tx, tenantId, request.from === undefined ? undefined : BigInt(request.from)),
    );
    if ('why' in start) return toAnswer(0n, start);
    let place: ChainPlace = start;
    while (place.seq < to) {
      context.signal.throwIfAborted();
      const from: bigint = place.seq + 1n;
      const rows = await inTenant((tx) => readRows(tx, { tenantId, from, to, limit: rowsAtOnce }));
      const next: ChainPlace | BadRow = rows.length === 0 ? { seq: from, why: 'missing' } : checkRows(rows, place);
      if ('why' in next) return toAnswer(next.seq - 1n - start.seq, next);
      place = next;
    }
    const isEnd = place.seq === head.seq && place.seq > start.seq;
    if (isEnd && place.hash !== head.hash)
      return toAnswer(place.seq - start.seq, { seq: place.seq, why: 'is not the end that the head names' });
    return toAnswer(place.seq > start.seq ? place.seq - start.seq : 0n);
  };
}

/** The end of the chain: what its head names, or a row beyond it, which no head has known. */
async function readEnd(tx: Transaction<AuthTables>, tenantId: string): Promise<ChainPlace> {
  const { rows } = await sql<ChainPlace>`
    SELECT greatest(h.seq, a.seq) AS seq, encode(h.hash, 'hex') AS hash
    FROM (SELECT coalesce(max(seq), 0) AS seq FROM audit WHERE tenant_id = ${tenantId}) a
    LEFT JOIN audit_head h ON h.tenant_id = ${tenantId} AND h.segment = 0`.execute(tx);
  const [end] = rows;
  return { seq: end?.seq ?? 0n, hash: end?.hash ?? noHash };
}

/** What the first row to be looked at has to follow: the row before it, the end of the months that were dropped, or nothing. */
async function startOf(
  tx: Transaction<AuthTables>,
  tenantId: string,
  from: bigint | undefined,
): Promise<ChainPlace | BadRow> {
  const { rows } = await sql<ChainPlace>`
    SELECT seq, encode(hash, 'hex') AS hash FROM audit_head
    WHERE tenant_id = ${tenantId} AND segment > 0 AND dropped_at IS NOT NULL ORDER BY seq DESC LIMIT 1`.execute(tx);
  const dropped = rows[0] ?? { seq: 0n, hash: noHash };
  if (from === undefined || from - 1n <= dropped.seq) return dropped;
  const [before] = await readRows(tx, { tenantId, from: from - 1n, to: from - 1n, limit: 1 });
  if (before) return { seq: before.seq, hash: before.hash };
  const end = await readEnd(tx, tenantId);
  return from > end.seq ? end : { seq: from - 1n, why: 'missing' };
}

function toAnswer(checked: bigint, bad?: BadRow): Answer {
  return {
    ok: bad === undefined,
    checked: String(checked),
    ...(bad && { firstBad: String(bad.seq), why: bad.why }),
  };
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
