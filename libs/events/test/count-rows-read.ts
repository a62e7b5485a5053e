import { type Database, sql, type Transaction } from '@universal-api/database';

/** A pool that counts what its transactions read. */
export interface CountingReader extends Pick<Database<unknown>, 'instance'> {
  /** Rows of log and telemetry that the last transaction's scans took from indexes and tables, kept or not. */
  rowsRead(): number;
}

/** Counts by the server's own account, so also what is read inside of functions. */
export function countRowsRead(database: Pick<Database<unknown>, 'instance'>): CountingReader {
  let rowsRead = Number.NaN;
  return {
    rowsRead: () => rowsRead,
    instance: (work) =>
      database.instance(async (tx) => {
        const before = await readCounter(tx);
        const result = await work(tx);
        rowsRead = (await readCounter(tx)) - before;
        return result;
      }),
  };
}

/** Grows with each row that a scan of an index, or one of a whole table, gives out in this session. */
async function readCounter(tx: Transaction<unknown>): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    SELECT sum(pg_stat_get_xact_tuples_returned(oid))::int AS read FROM pg_class
    WHERE relnamespace = 'events'::regnamespace AND relkind IN ('r', 'i') AND relname ~ '^(log|telemetry)_[0-9]{8}'`.execute(
    tx,
  );
  return rows[0]?.read ?? Number.NaN;
}
