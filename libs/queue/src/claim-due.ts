import { sql, type Transaction } from '@universal-api/database';

/** Rows with a time at which they are due. */
export interface DueTable {
  /** In the schema of the transaction's role. */
  readonly table: string;
  /** Unique, text or UUID. */
  readonly idColumn: string;
  /** A `timestamptz`, indexed; NULL is never due. */
  readonly dueColumn: string;
}

/** What is claimed. */
export interface Claim {
  /** Rows at most, those that are due longest first. */
  readonly limit: number;
  /**
   * When a claimed row is due again, from now on. Whoever does the work sets the next time itself; this one counts when it
   * does not come to that, because its process has ended.
   */
  readonly againAfterMs: number;
}

/** One claimed row. */
export interface DueRow {
  readonly id: string;
  /** When it was due. */
  readonly dueAt: Date;
}

/**
 * Takes rows whose time is past and moves that time on, in the caller's transaction. The clock is the database's alone, so the
 * clocks of the processes do not matter. Rows that another transaction has locked are left to it: no two claims get one row, and
 * none waits.
 */
export async function claimDue<Tables>(
  tx: Transaction<Tables>,
  { table, idColumn, dueColumn }: DueTable,
  { limit, againAfterMs }: Claim,
): Promise<DueRow[]> {
  const [rows, id, due] = [sql.table(table), sql.ref(idColumn), sql.ref(dueColumn)];
  const claimed = await sql<DueRow>`
    WITH due AS (
      SELECT ${id} AS id, ${due} AS due_at FROM ${rows} WHERE ${due} <= statement_timestamp()
      ORDER BY ${due} LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), moved AS (
      UPDATE ${rows} SET ${due} = statement_timestamp() + ${againAfterMs}::float8 * interval '1 ms'
      FROM due WHERE ${sql.ref(`${table}.${idColumn}`)} = due.id
      RETURNING due.id, due.due_at
    )
    SELECT id::text AS id, due_at AS "dueAt" FROM moved ORDER BY due_at`.execute(tx);
  return claimed.rows;
}

/**
 * Whether this transaction may do a tick that only one process should do at a time, such as a scan over all tenants. The right ends
 * with the transaction; a process that dies gives it up with its connection.
 */
export async function holdTick<Tables>(tx: Transaction<Tables>, name: string): Promise<boolean> {
  const { rows } = await sql<{ isOurs: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`universal-api.tick.${name}`}, 0)) AS "isOurs"`.execute(tx);
  return rows[0]?.isOurs ?? false;
}
