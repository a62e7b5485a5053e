import { sql, type Transaction } from '@universal-api/database';
import type { Revocation } from './append-revocation.ts';

/** A revocation as it is told. */
export interface ToldRevocation extends Revocation {
  readonly seq: bigint;
  readonly at: Date;
}

/** What happened since a place. */
export interface Changes {
  /**
   * Where to go on: the oldest transaction that still ran. All that committed before is told; what is told twice does no harm.
   * A number of the row would not do: a lower one may commit after a higher one was read.
   */
  readonly cursor: bigint;
  /** What lies before the place that was asked for may be swept away, or the place is none of this database. */
  readonly isLost: boolean;
  /** Since then; when it is lost, all that are kept. */
  readonly revocations: readonly ToldRevocation[];
}

interface ChangeRow {
  readonly cursor: bigint;
  readonly isLost: boolean;
  /** Null in the one row that says there is nothing. */
  readonly seq: bigint | null;
  readonly kind: Revocation['kind'];
  readonly id: string;
  readonly at: Date;
}

/** Revocations of transactions from `since` on, with the next place, in one statement and so of one moment. */
export async function readChanges<Tables>(tx: Transaction<Tables>, since: bigint): Promise<Changes> {
  const { rows } = await sql<ChangeRow>`
    SELECT place.cursor, place."isLost", r.seq, r.kind, r.id, r.at
    FROM (
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS cursor,
             ${since}::bigint <= floor.xid OR ${since}::bigint > pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS "isLost"
      FROM revocation_floor floor
    ) place
    LEFT JOIN revocations r ON r.xid >= CASE WHEN place."isLost" THEN 0 ELSE ${since}::bigint END
    ORDER BY r.seq`.execute(tx);
  const [first] = rows;
  return {
    cursor: first?.cursor ?? 0n,
    isLost: first?.isLost ?? true,
    revocations: rows.flatMap(({ seq, kind, id, at }) => (seq === null ? [] : [{ seq, kind, id, at }])),
  };
}

/** Where to begin for somebody who wants only what comes. */
export async function readPlace<Tables>(tx: Transaction<Tables>): Promise<bigint> {
  const { rows } = await sql<{ cursor: bigint }>`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS cursor`.execute(tx);
  return rows[0]?.cursor ?? 0n;
}
