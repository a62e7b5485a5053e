import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askRedis, type RedisServer, startRedis } from '@universal-api/infra';
import { describeWithInfra } from '@universal-api/testing/brokers';
import { fillRedis, flushRedis } from './flush-redis.ts';

describeWithInfra("a Redis of one's own", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test('flushed, it has nothing', async () => {
    expect(await askRedis(redis.port, 'SET word 1')).toBe('+OK');
    await flushRedis(redis);
    expect(await askRedis(redis.port, 'EXISTS word')).toBe(':0');
  });

  test('filled, it refuses writes and still reads, and emptied it writes again', async () => {
    expect(await askRedis(redis.port, 'SET word 1')).toBe('+OK');
    const full = await fillRedis(redis);
    expect(await askRedis(redis.port, 'SET other 1')).toMatch(/^-OOM/);
    expect(await askRedis(redis.port, 'EXISTS word')).toBe(':1');
    await full.empty();
    expect(await askRedis(redis.port, 'SET other 1')).toBe('+OK');
  });
});
