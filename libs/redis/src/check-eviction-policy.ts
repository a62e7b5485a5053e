import { AppError } from '@universal-api/errors';
import { readMemory } from './read-memory.ts';
import type { Redis } from './redis.ts';
import { isRedisFailure } from './redis-failure.ts';

const wanted = 'noeviction';

/**
 * Refuses a server that may throw away keys when it is full: jobs, counters and cache entries share it, and a job that
 * vanishes is a broken promise (webhooks.md 6.2). Asked by CONFIG GET, or by INFO where a host forbids that.
 * Errors: `service_unavailable` with a sentence that names the setting; `RedisFailure` if the server is out of reach.
 */
export async function checkEvictionPolicy(redis: Pick<Redis, 'setting' | 'info'>): Promise<void> {
  const policy = (await readSetting(redis)) ?? (await readMemory(redis)).policy;
  if (policy === wanted) return;
  const internal =
    `The Redis of REDIS_URL has maxmemory-policy ${policy || '(unknown)'} and would throw away jobs when it is full: ` +
    `set maxmemory-policy to ${wanted}.`;
  throw new AppError('service_unavailable', { internal });
}

async function readSetting(redis: Pick<Redis, 'setting'>): Promise<string | undefined> {
  try {
    return await redis.setting('maxmemory-policy');
  } catch (error) {
    // Hosted servers forbid or rename CONFIG; INFO says the same.
    if (isRedisFailure(error) && error.kind === 'refused') return undefined;
    throw error;
  }
}
