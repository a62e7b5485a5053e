import { ensureRoles, grantRole, type MigrationSet } from '@universal-api/database';

/** Schema `events` and the folder of its migrations, for whoever migrates or checks it. */
export const eventsMigrations: MigrationSet = {
  schema: 'events',
  migrations: new URL('../migrations/', import.meta.url),
};

/** The services that use the log, by the names of their schemas. */
export interface EventUsers {
  /** Their `_app` may append events of its tenant, and nothing else. */
  readonly producers?: readonly string[];
  /** Their `_ingest` may read everything, append, and move cursors. */
  readonly consumers?: readonly string[];
}

/**
 * Gives the roles of services their rights in `events`, as members of `events_app` and `events_ingest`, whose rights the
 * migrations of `events` name. So a service needs no migration for it, and no migration needs to know the services. Makes
 * roles that are not there yet; part of migrating, before or after it.
 *
 * Errors: a refusal that carries the SQL for an administrator, when the login may not do it.
 */
export async function grantEventRights(url: string, { producers = [], consumers = [] }: EventUsers): Promise<void> {
  for (const schema of new Set(['events', ...producers, ...consumers])) await ensureRoles(url, schema);
  for (const to of producers) await grantRole(url, { kind: 'app', of: 'events', to });
  for (const to of consumers) await grantRole(url, { kind: 'ingest', of: 'events', to });
}
