import type { Redis } from '@universal-api/redis';
import { randomBytes } from 'node:crypto';
import type { Dependency } from './dependency.ts';

const lifeMs = 10_000;

/** Redis by a write and a read of one short-lived key. An app goes on without it, with less. */
export function redisDependency(redis: Pick<Redis, 'get' | 'set'>, prefix: string): Dependency {
  return {
    name: 'redis',
    without: 'degraded',
    async probe() {
      const value = randomBytes(8).toString('hex');
      const key = `{${prefix}}:health:${value}`;
      await redis.set(key, value, lifeMs);
      const found = await redis.get(key);
      return found?.toString() === value ? undefined : { status: 'degraded', detailCode: 'not_kept' };
    },
  };
}
