import { checkSchema, type SharedPool } from '@universal-api/database';
import { productContract } from '@universal-api/protos';
import { createPostgresJobBackend, createRedisJobBackend, jobMigrations, openJobPool } from '@universal-api/queue';
import {
  openKafka,
  openServiceParts,
  queueDependency,
  startGrpcApp,
  type Host,
  type RunningApp,
  type ServiceSettings,
} from '@universal-api/service';
import { openJobQueue } from './jobs/open-job-queue.ts';
import { webhookMigrations } from './store/webhook-migrations.ts';

export { webhookMigrations };

/** What the webhook service is made of. */
export interface WebhookSettings extends ServiceSettings {
  /** `DRAIN_S`, ms. */
  readonly drainMs: number;
  /** The one pool of the process for jobs in PostgreSQL; absent: the service opens its own where there is no Redis. */
  readonly jobPool?: SharedPool;
}

/**
 * Joins the parts of the webhook service and listens. It has no operations yet: health, reflection, its schema and a queue without
 * a job are all there is. Errors: a refusal for a Redis that evicts keys.
 */
export async function composeWebhook(settings: WebhookSettings, host: Host): Promise<RunningApp> {
  const { redis, databaseUrl, drainMs } = settings;
  if (!redis) await checkSchema(databaseUrl, [jobMigrations]);
  const kafka = settings.kafka && (await openKafka(settings.kafka, 'webhook', host));
  const parts = await openServiceParts(settings, { name: 'webhook', migrations: webhookMigrations, kafka }, host);
  const { owned, readiness } = parts;
  const ownPool = () => owned.own('job pool', openJobPool({ url: databaseUrl, workers: 0 }));
  const backend = redis
    ? createRedisJobBackend({ ...redis, log: host.log })
    : createPostgresJobBackend(settings.jobPool ?? ownPool());
  const queue = await openJobQueue({ backend, drainMs, host, owned });
  readiness.add({ name: 'jobs', check: () => queue.check() });
  return startGrpcApp(
    {
      ...parts,
      contract: productContract(),
      handlers: {},
      dependencies: () => [...parts.standsOn, queueDependency(queue)],
      operations: [{ path: '/jobs', answer: () => queue.describe() }],
    },
    host,
  );
}
