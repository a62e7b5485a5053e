import { type AdminClient, migrate, type MigrationSet, withClient } from '@universal-api/database';
import { runMigrations } from 'bullmq';

/** The schema of jobs without Redis: our rights, beside BullMQ's own tables, which `migrateJobs` makes. */
export const jobMigrations: MigrationSet = {
  schema: 'bullmq',
  migrations: new URL('../../migrations/', import.meta.url),
};

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
    await runMigrations(withoutSchemaStatement(client), jobMigrations.schema);
  });
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
