import { sql, type Transaction } from '@universal-api/database';
import { topics } from '../catalogue/define-event.ts';

/** How far a group is behind in the log. */
export interface GroupLag {
  readonly group: string;
  /** Age of the oldest event that it has not read, by the clock of the database, ms; 0 when it has read all. */
  readonly lagMs: number;
}

interface LagRow {
  readonly name: string;
  readonly lag: number | null;
}

const logged = topics.filter((topic) => topic !== 'uapi.telemetry.v1');

/**
 * The lag of every group that reads the log. An event that no group asked for counts for up to 10 s, until a quiet group's cursor
 * has passed it. Reads one row for each topic and group. Needs the rights of a consumer.
 */
export async function measureLag<Tables>(tx: Transaction<Tables>): Promise<readonly GroupLag[]> {
  const { rows } = await sql<LagRow>`
    SELECT c.grp AS name, (extract(epoch FROM clock_timestamp() - e.time) * 1000)::float8 AS lag
    FROM events.cursors c LEFT JOIN LATERAL (
      SELECT time FROM events.read_log(${[...logged]}::text[], c.day, c.xid, c.position,
                                       pg_snapshot_xmax(pg_current_snapshot()), 1)) e ON true
    WHERE c.source = 'log' ORDER BY c.grp`.execute(tx);
  return rows.map(({ name, lag }) => ({ group: name, lagMs: Math.max(0, Math.round(lag ?? 0)) }));
}
