import { type AdminClient, migrate, type MigrationSet, withClient } from '@universal-api/database';

/** The schema of jobs without Redis: our rights, beside BullMQ's own tables, which `migrateJobs` makes. */
export const jobMigrations: MigrationSet = {
  schema: 'bullmq',
  migrations: new URL('../../migrations/', import.meta.url),
};

/** The schema version of the pinned BullMQ (its `LATEST_SCHEMA_VERSION`; a test compares them). */
export const bullmqSchemaVersion = 11;

/**
 * Brings the schema `bullmq` to the version of this BullMQ, as its owner: roles, rights, tables, functions. Any number of
 * processes may call it at once. Part of migrating; runs before any job queue on this database is opened.
 *
 * Errors: those of `migrate`, and BullMQ's own for a schema of a newer major version.
 */
export async function migrateJobs(url: string): Promise<void> {
  await migrate(url, [jobMigrations]);
  await withClient(url, async (client) => {
    await client.query(`SET ROLE ${jobMigrations.schema}_owner`);
    if ((await readVersion(client)) === bullmqSchemaVersion) return;
    // Only now: BullMQ takes 60 MB of memory, and most starts have nothing to migrate and no jobs.
    const { runMigrations } = await import('bullmq');
    await runMigrations(withoutSchemaStatement(client), jobMigrations.schema);
  });
}

/** What BullMQ's own ledger says; undefined before its first migration. */
async function readVersion(client: AdminClient): Promise<number | undefined> {
  const { schema } = jobMigrations;
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('${schema}.migration') IS NOT NULL AS exists`,
  );
  if (!rows[0]?.exists) return undefined;
  const { rows: versions } = await client.query<{ version: number }>(
    `SELECT max(version)::int AS version FROM ${schema}.migration`,
  );
  return versions[0]?.version;
}

/**
 * BullMQ begins with CREATE SCHEMA IF NOT EXISTS, which needs CREATE on the database even where the schema is there. Its owner
 * has no such right and needs none.
 */
function withoutSchemaStatement(client: AdminClient) {
  return {
    async query<Row>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }> {
      if (text.startsWith('CREATE SCHEMA IF NOT EXISTS')) return { rows: [] };
      return client.query(text, values ? [...values] : undefined) as unknown as Promise<{ rows: Row[] }>;
    },
  };
}
