import { analyticsMigrations } from '@universal-api/analytics/compose';
import { assistantMigrations } from '@universal-api/assistant/compose';
import { authMigrations } from '@universal-api/auth/compose';
import { migrate, type MigrationSet } from '@universal-api/database';
import { eventsMigrations, grantEventRights, type EventUsers } from '@universal-api/events';
import { migrateJobs } from '@universal-api/queue/migrations';
import { providersMigrations } from '@universal-api/providers-router';
// Not from its compose, which brings the local data of every provider into the image of the admin commands.
import { searchMigrations } from '@universal-api/search/migrations';
import { videoMigrations } from '@universal-api/video/compose';
import { webhookMigrations } from '@universal-api/webhook/migrations';

/** The schemas of the product, in the order of migration; that of the jobs, `bullmq`, is made beside them. */
export const allMigrations: readonly MigrationSet[] = [
  eventsMigrations,
  authMigrations,
  providersMigrations,
  searchMigrations,
  videoMigrations,
  assistantMigrations,
  analyticsMigrations,
  webhookMigrations,
];

/** Who appends in the transaction of a change, reads the log of events, writes telemetry or carries events on: every service, and the gateway. */
const eventUsers: EventUsers = {
  producers: ['auth'],
  consumers: ['search', 'gateway', 'auth', 'video', 'assistant', 'analytics', 'webhook'],
};

/**
 * All that migrating is: every schema at its newest version, the rights of services in the log of events, and the schema of the
 * jobs. Any number of processes may do it at once. Gives back what it applied, as `schema/file`. Errors: those of `migrate`.
 */
export async function migrateAll(url: string): Promise<readonly string[]> {
  const applied = await migrate(url, allMigrations);
  await grantEventRights(url, eventUsers);
  await migrateJobs(url);
  return applied;
}
