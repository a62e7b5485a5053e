import { afterAll, expect, test } from '@jest/globals';
import { silentLogger } from '@universal-api/logging';
import { defineScript, openRedis, type Redis } from '@universal-api/redis';
import { describeWithBrokers, randomPrefix } from '@universal-api/testing/brokers';
import { cacheContract } from './cache.contract.ts';
import { createRedisCache, type NotKept, type RedisCache } from './cache.redis.ts';

const opened: { close(): unknown }[] = [];
afterAll(async () => {
  for (const part of opened.reverse()) await part.close();
});

describeWithBrokers('on a real Redis', ({ redisUrl }) => {
  let redis: Redis | undefined;
  async function setUp(name = 'test-1', prefix = randomPrefix()) {
    if (!redis) opened.push((redis = openRedis({ url: redisUrl, name: 'cache', log: silentLogger, timeoutMs: 2_000 })));
    await redis.connected(5_000);
    const time = { ms: 1_700_000_000_000 };
    const now = () => time.ms;
    const notKept: NotKept[] = [];
    const cache: RedisCache<unknown> = createRedisCache<unknown>({
      ...{ redis, prefix, name, clock: { now } },
      onNotKept: (reason) => notKept.push(reason),
    });
    opened.push(cache);
    return { redis, cache, now, prefix, notKept, advance: (ms: number) => void (time.ms += ms) };
  }

  cacheContract('the Redis cache', setUp);

  test('what plain data cannot say in JSON comes back as it was: dates, big integers, bytes, absent fields', async () => {
    const { cache, now } = await setUp();
    const value = { at: new Date(0), costNanoUsd: 12n, bytes: new Uint8Array([0, 255]), gap: undefined, far: Infinity };
    await cache.set('a', { value, freshUntil: now() + 10_000 });
    expect((await cache.get('a'))?.value).toEqual(value);
  });

  test('64 KiB is the most that is kept; what is larger leaves no old value behind, and is counted', async () => {
    const { cache, now, notKept } = await setUp();
    const freshUntil = now() + 10_000;
    await cache.set('a', { value: 'x'.repeat(65_000), freshUntil });
    expect(await cache.get('a')).toBeDefined();
    await cache.set('a', { value: 'x'.repeat(65_600), freshUntil });
    expect([await cache.get('a'), notKept]).toEqual([undefined, ['too_large']]);
  });

  test('what is not data is not kept, and breaks nothing', async () => {
    const { cache, now, notKept } = await setUp();
    await cache.set('a', { value: { call: () => 1 }, freshUntil: now() + 10_000 });
    expect([await cache.get('a'), notKept]).toEqual([undefined, ['not_data']]);
  });

  test('every key has an end, also that of an entry without one, and shows nothing of what was asked', async () => {
    const { redis: store, cache, now, prefix } = await setUp();
    await cache.set('weather:lyon', { value: 1, freshUntil: Number.POSITIVE_INFINITY });
    await cache.set('weather:paris', { value: 1, freshUntil: now() + 60_000 });
    const lives = await store.run(listLives, [], [`{${prefix}}:cache:*`]);
    expect(lives).toEqual([expect.stringMatching(/^[\w{}:-]+ \d+$/), expect.stringMatching(/^[\w{}:-]+ \d+$/)]);
    expect(String(lives)).not.toMatch(/weather|lyon/);
  });

  test('entries of another name, another prefix or another writer are nobody’s answer', async () => {
    const { redis: store, cache, now, prefix } = await setUp('test-1');
    const other = await setUp('test-2', prefix);
    await other.cache.set('a', { value: 1, freshUntil: now() + 10_000 });
    expect(await cache.get('a')).toBeUndefined();
    await cache.set('a', { value: 1, freshUntil: now() + 10_000 });
    for (const bytes of ['', 'nonsense', '{"value":1}']) {
      await store.run(overwrite, [], [`{${prefix}}:cache:test-1:*`, bytes]);
      expect(await cache.get('a')).toBeUndefined();
    }
  });
});

const listLives = defineScript(`
local lines = {}
for i, key in ipairs(redis.call('KEYS', ARGV[1])) do lines[i] = key .. ' ' .. redis.call('PTTL', key) end
return lines
`);
const overwrite = defineScript(`
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('SET', key, ARGV[2], 'PX', 10000) end
return 0
`);
