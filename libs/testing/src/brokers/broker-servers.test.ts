import { describe, expect, test } from '@jest/globals';
import { brokerServers } from './broker-servers.ts';
import { randomPrefix } from './random-prefix.ts';

describe('ok', () => {
  test('the servers are those of the two variables', () => {
    const environment = { UAPI_TEST_REDIS_URL: 'redis://127.0.0.1:1', UAPI_TEST_KAFKA_BROKERS: 'a:1,b:2' };
    expect(brokerServers(environment)).toEqual({ redisUrl: 'redis://127.0.0.1:1', kafkaBrokers: ['a:1', 'b:2'] });
  });

  test('no two prefixes are the same, and each can stand in a topic, a group and a key', () => {
    const prefixes = Array.from({ length: 1_000 }, randomPrefix);
    expect(new Set(prefixes).size).toBe(1_000);
    for (const prefix of prefixes) expect(prefix).toMatch(/^t[0-9a-f]{12}$/);
  });
});

describe('absent', () => {
  test('one of the two alone, or an empty one, is as good as none', () => {
    expect(brokerServers({})).toBeUndefined();
    expect(brokerServers({ UAPI_TEST_REDIS_URL: 'redis://127.0.0.1:1' })).toBeUndefined();
    expect(brokerServers({ UAPI_TEST_REDIS_URL: 'redis://127.0.0.1:1', UAPI_TEST_KAFKA_BROKERS: ',' })).toBeUndefined();
    expect(brokerServers({ UAPI_TEST_KAFKA_BROKERS: 'a:1' })).toBeUndefined();
  });
});
