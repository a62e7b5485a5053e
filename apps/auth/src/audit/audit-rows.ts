import { sql, type Transaction } from '@universal-api/database';
import type { ChainedRow } from './audit-hash.ts';

/** A row as it is stored, its hashes in hex. */
export interface StoredRow extends Omit<ChainedRow, 'seq' | 'at'> {
  readonly seq: bigint;
  readonly at: Date;
  readonly hash: string;
}

/** The columns of a row, hashes in hex. */
export const rowColumns = sql`
  tenant_id, seq, at, actor, actor_kind, action, object, outcome, reason, request_id, ip_prefix, diff,
  encode(prev_hash, 'hex') AS prev_hash, encode(hash, 'hex') AS hash`;

/** The row as it was hashed, and its hash beside it. */
export function toChained({ hash, seq, at, ...row }: StoredRow): { readonly row: ChainedRow; readonly hash: string } {
  return { row: { ...row, seq: String(seq), at: at.toISOString() }, hash };
}

/** Rows of a chain between two places, both included, in order; `limit` at most. */
export async function readRows<Tables>(
  tx: Transaction<Tables>,
  { tenantId, from, to, limit }: { tenantId: string; from: bigint; to: bigint; limit: number },
): Promise<readonly StoredRow[]> {
  const { rows } = await sql<StoredRow>`
    SELECT ${rowColumns} FROM audit
    WHERE tenant_id = ${tenantId} AND seq BETWEEN ${from} AND ${to} ORDER BY seq LIMIT ${limit}`.execute(tx);
  return rows;
}
