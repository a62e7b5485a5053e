import { openDatabase, sql } from '@universal-api/database';

/** Connections to one database, whoever has them, by what they call themselves; without the one that asks. */
export async function countOwnConnections(url: string): Promise<Readonly<Record<string, number>>> {
  const asker = openDatabase<unknown>({ url, role: 'events_ingest', poolSize: 1 });
  try {
    return await asker.instance(async (tx) => {
      // To the login itself the sessions of all its roles show their names.
      await sql`SET LOCAL ROLE ${sql.id(new URL(url).username)}`.execute(tx);
      const { rows } = await sql<{ name: string; open: number }>`
        SELECT coalesce(application_name, '') AS name, count(*)::int AS open FROM pg_stat_activity
        WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
          AND backend_type IS DISTINCT FROM 'parallel worker'
        GROUP BY 1 ORDER BY 1`.execute(tx);
      return Object.fromEntries(rows.map(({ name, open }) => [name, open]));
    });
  } finally {
    await asker.close();
  }
}
