import { AppError } from '@universal-api/errors';
import type { Logger } from '@universal-api/logging';
import { checkEvictionPolicy, isRedisFailure, openRedis } from '@universal-api/redis';
import { createRedisBackend, withBackend } from 'bullmq';
import { queueOptions, workerOptions } from './bullmq-options.ts';
import type { JobBackend } from './job-backend.ts';

const { Queue, Worker } = withBackend(createRedisBackend);

/** How the Redis of the jobs is reached. */
export interface RedisJobOptions {
  /** `REDIS_URL`. */
  readonly url: string;
  /** `UAPI_PREFIX`; all keys begin with it, in braces. */
  readonly prefix: string;
  readonly log: Logger;
  /** Certificate authorities of the server, PEM; those of the process unless told. */
  readonly ca?: string;
}

const pingTimeoutMs = 1_000;
const connectTimeoutMs = 2_000;
/** A wake that a frozen server does not answer is given up: it may still be carried out, and the tick does not need it. */
const wakeTimeoutMs = 5_000;

/** Jobs on Redis ≥ 6.2. One small connection of its own asks how the server is; queues and workers make theirs. */
export function createRedisJobBackend({ url, prefix, log, ca }: RedisJobOptions): JobBackend {
  const redis = openRedis({ url, name: 'jobs', log, timeoutMs: pingTimeoutMs, ...(ca === undefined ? {} : { ca }) });
  const connection = {
    url,
    ...(ca === undefined ? {} : { tls: { ca } }),
    connectTimeout: connectTimeoutMs,
    // ioredis's own; BullMQ's would wait for up to 20 s.
    retryStrategy: (times: number) => Math.min(times * 50, 2_000),
  };
  const keys = { prefix: `{${prefix}}` };
  return {
    name: 'redis',
    async ping() {
      await redis.connected(pingTimeoutMs);
      await redis.ping();
    },
    async findUnfitness() {
      try {
        await checkEvictionPolicy(redis);
        return undefined;
      } catch (error) {
        if (isRedisFailure(error) || !AppError.is(error)) throw error;
        return error.message;
      }
    },
    createProducer(queue) {
      const asking = { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: wakeTimeoutMs };
      return new Queue(queue, { connection: { ...connection, ...asking }, ...keys, ...queueOptions });
    },
    createRunner(queue, concurrency, processor) {
      const options = {
        connection: { ...connection, maxRetriesPerRequest: null },
        ...keys,
        ...workerOptions,
        concurrency,
      };
      const worker = new Worker(queue, processor, options);
      // Its wait ends with its connection.
      return Object.assign(worker, { wake: async () => {} });
    },
    close: () => redis.close(),
  };
}
