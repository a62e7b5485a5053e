import { afterAll, describe, expect, test } from '@jest/globals';
import { silentLogger } from '@universal-api/logging';
import { describeWithBrokers, randomPrefix } from '@universal-api/testing/brokers';
import { randomUUID } from 'node:crypto';
import { checkEvictionPolicy } from './check-eviction-policy.ts';
import { defineScript } from './lua-script.ts';
import { openRedis, type OpenRedisOptions } from './open-redis.ts';
import { readMemory } from './read-memory.ts';
import type { Redis } from './redis.ts';

const opened: Redis[] = [];
afterAll(async () => {
  for (const redis of opened) await redis.close();
});
function open(url: string, options: Partial<OpenRedisOptions> = {}): Redis {
  const redis = openRedis({ url, name: 'test', log: silentLogger, timeoutMs: 2_000, ...options });
  opened.push(redis);
  return redis;
}

describeWithBrokers('a connection to a real Redis', ({ redisUrl }) => {
  test('bytes come back as they were, an absent key has nothing, a deleted one too', async () => {
    const redis = open(redisUrl);
    expect(await redis.connected(5_000)).toBe(true);
    const key = `${randomPrefix()}:bytes`;
    expect(await redis.get(key)).toBeUndefined();
    await redis.set(key, Buffer.from([0, 255, 10]), 10_000);
    expect(await redis.get(key)).toEqual(Buffer.from([0, 255, 10]));
    await redis.delete(key);
    expect(await redis.get(key)).toBeUndefined();
  });

  test('a script that the server has never seen runs, and its error is a refusal', async () => {
    const redis = open(redisUrl);
    await redis.connected(5_000);
    const fresh = defineScript(`-- ${randomUUID()}\nreturn { ARGV[1], 7 }`);
    expect(await redis.run(fresh, [], ['a'])).toEqual(['a', 7]);
    expect(await redis.run(fresh, [], ['b'])).toEqual(['b', 7]);
    await expect(redis.run(defineScript(`return redis.error_reply('OOM full')`), [], [])).rejects.toMatchObject({
      ...{ code: 'service_unavailable', kind: 'refused', reply: 'OOM' },
    });
  });

  test('a dropped connection comes back by itself', async () => {
    const redis = open(redisUrl);
    await redis.connected(5_000);
    redis.reset();
    await expect(redis.ping()).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await redis.connected(5_000)).toBe(true);
    await redis.ping();
  });

  test('the server says how full it is, and that it throws nothing away', async () => {
    const redis = open(redisUrl);
    await redis.connected(5_000);
    const { usedBytes, maxBytes, policy } = await readMemory(redis);
    expect([usedBytes > 0, maxBytes > usedBytes, policy]).toEqual([true, true, 'noeviction']);
    await checkEvictionPolicy(redis);
  });
});

describe('a server that is not there', () => {
  test('commands fail at once, nothing waits, and closing ends it', async () => {
    const redis = open('redis://127.0.0.1:1');
    expect(await redis.connected(50)).toBe(false);
    await expect(redis.ping()).rejects.toMatchObject({ code: 'service_unavailable', kind: 'unreachable' });
    await expect(redis.get('a')).rejects.toMatchObject({ kind: 'unreachable' });
    await redis.close();
  });
});
