import { hashRow } from './audit-hash.ts';
import { toChained, type StoredRow } from './audit-rows.ts';

/** What is wrong with a row. */
export type ChainFault =
  'missing' | 'changed' | 'does not follow the row before' | 'is not the end that the head names';

/** A row that is wrong. */
export interface BadRow {
  readonly seq: bigint;
  readonly why: ChainFault;
}

/** Where a check stands: the place of the last row that was right, and its hash in hex. */
export interface ChainPlace {
  readonly seq: bigint;
  readonly hash: string;
}

/**
 * Looks at the next rows of a chain, in order of their places, and says where it stands then or which row is wrong first.
 * Pure.
 */
export function checkRows(rows: readonly StoredRow[], after: ChainPlace): ChainPlace | BadRow {
  let last = after;
  for (const stored of rows) {
    const { row, hash } = toChained(stored);
    const next = last.seq + 1n;
    if (stored.seq !== next) return { seq: next, why: 'missing' };
    if (hashRow(row) !== hash) return { seq: next, why: 'changed' };
    if (row.prev_hash !== last.hash) return { seq: next, why: 'does not follow the row before' };
    last = { seq: next, hash };
  }
  return last;
}
