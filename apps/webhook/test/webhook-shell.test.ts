import { jobMigrations, migrateJobs } from '@universal-api/queue';
import { shellAppContract } from '@universal-api/service/contract';
import { composeWebhook, webhookMigrations } from '../src/compose.ts';

shellAppContract({
  name: 'webhook',
  migrations: webhookMigrations,
  otherSchemas: [jobMigrations],
  migrateMore: migrateJobs,
  compose: (settings, host) => composeWebhook({ ...settings, drainMs: 1_000 }, host),
  otherParts: ['queue'],
});
