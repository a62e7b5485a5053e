import { sql, type Database } from '@universal-api/database';
import type { Dependency } from './dependency.ts';

/**
 * PostgreSQL by a write and a read of one row of the service's own table `heartbeats`
 * (`name text PRIMARY KEY, beat bigint, at timestamptz`), which its migrations make.
 */
export function postgresDependency(database: Pick<Database<unknown>, 'instance'>): Dependency {
  return {
    name: 'postgres',
    without: 'unhealthy',
    async probe() {
      const written = await database.instance((tx) =>
        sql<{ beat: bigint }>`INSERT INTO heartbeats AS h (name, beat, at) VALUES ('deep', 1, clock_timestamp())
          ON CONFLICT (name) DO UPDATE SET beat = h.beat + 1, at = excluded.at RETURNING beat`.execute(tx),
      );
      const read = await database.instance((tx) =>
        sql<{ beat: bigint }>`SELECT beat FROM heartbeats WHERE name = 'deep'`.execute(tx),
      );
      const [wanted, found] = [written.rows[0]?.beat, read.rows[0]?.beat];
      // Other processes of the service beat on the same row, so it may be further.
      if (wanted === undefined || found === undefined || found < wanted) {
        return { status: 'unhealthy', detailCode: 'not_kept' };
      }
      return undefined;
    },
  };
}
