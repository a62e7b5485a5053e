import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askRedis, startRedis, type RedisServer } from '@universal-api/infra';
import { silentLogger } from '@universal-api/logging';
import { openRedis, type Redis } from '@universal-api/redis';
import { describeWithInfra, randomPrefix } from '@universal-api/testing/brokers';
import { setTimeout } from 'node:timers/promises';
import { createRedisCache, type NotKept, type RedisCache } from '../src/index.ts';

const timeoutMs = 50;
let server: RedisServer;
let redis: Redis;
let cache: RedisCache<string>;
const notKept: NotKept[] = [];

async function until(condition: () => boolean | Promise<boolean>): Promise<number> {
  const begun = performance.now();
  while (performance.now() < begun + 10_000 && !(await condition())) await setTimeout(50);
  return performance.now() - begun;
}
const keep = (key: string, value = key) => cache.set(key, { value, freshUntil: Date.now() + 600_000 });

describeWithInfra('the Redis cache while its server is in trouble', () => {
  beforeAll(async () => {
    server = await startRedis({ maxmemory: '8mb' });
    redis = openRedis({ url: server.url, name: 'cache', log: silentLogger, timeoutMs });
    await redis.connected(5_000);
    cache = createRedisCache<string>({
      ...{ redis, prefix: randomPrefix(), name: 'test-1', clock: Date },
      onNotKept: (reason) => notKept.push(reason),
    });
  }, 60_000);
  afterAll(async () => {
    cache?.close();
    await redis?.close();
    await server?.stop();
  });

  const modes = {
    stopped: { begin: () => server.kill(), end: () => server.restart() },
    frozen: { begin: async () => server.freeze(), end: async () => server.thaw() },
  };
  for (const [mode, { begin, end }] of Object.entries(modes)) {
    test(`${mode}: a miss each time, no error, no wait once it is known; back within 6 s of the end, without a restart`, async () => {
      await keep('a');
      expect((await cache.get('a'))?.value).toBe('a');
      await begin();
      for (let call = 0; call < 3; call += 1) expect(await cache.get('a')).toBeUndefined();
      expect(cache.state()).toBe('out_of_reach');
      const begun = performance.now();
      for (let call = 0; call < 1_000; call += 1) {
        expect(await cache.get('a')).toBeUndefined();
        await keep(`b${call}`);
      }
      // Two thousand calls that each waited would take 100 s.
      expect(performance.now() - begun).toBeLessThan(5_000);
      expect(notKept.at(-1)).toBe('out_of_reach');
      await end();
      expect(await until(() => cache.state() === 'ok')).toBeLessThan(6_000);
      await keep('c');
      expect((await cache.get('c'))?.value).toBe('c');
    }, 60_000);
  }

  test('full: writes stop at 70 % of maxmemory, reads go on, the state says so, and writes begin again', async () => {
    await keep('first');
    const isStopped = async () => {
      for (let call = 0; call < 10; call += 1) await keep(`${Math.random()}`, 'x'.repeat(30_000));
      return cache.state() === 'writes_stopped';
    };
    await until(isStopped);
    expect([cache.state(), notKept.at(-1)]).toEqual(['writes_stopped', 'full']);
    const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
    expect(used).toBeLessThan(8 * 2 ** 20);
    expect((await cache.get('first'))?.value).toBe('first');
    // A job still finds room.
    await redis.set('job', 'x'.repeat(10_000), 60_000);
    expect(await askRedis(server.port, 'FLUSHALL')).toBe('+OK');
    expect(await until(() => cache.state() === 'ok')).toBeLessThan(6_000);
    await keep('after');
    expect((await cache.get('after'))?.value).toBe('after');
  }, 60_000);
});
