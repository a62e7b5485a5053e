import { afterAll, describe, expect, test } from '@jest/globals';
import { silentLogger } from '@universal-api/logging';
import { defineScript, openRedis, type Redis } from '@universal-api/redis';
import { describeWithBrokers, randomPrefix } from '@universal-api/testing/brokers';
import { rateLimiterContract } from './rate-limiter.contract.ts';
import type { Charge } from './rate-limiter.ts';
import { hrtimeUs } from './rate-limiter.memory.ts';
import { createRedisRateLimiter, type RedisRateLimiterOptions } from './rate-limiter.redis.ts';

const opened: { close(): unknown }[] = [];
afterAll(async () => {
  for (const part of opened.reverse()) await part.close();
});
const charge = (overrides: Partial<Charge> = {}): Charge => ({
  ...{ policy: 'key-min', partition: 'a', q: 5, windowS: 60, cost: 1 },
  ...overrides,
});

describeWithBrokers('on a real Redis', ({ redisUrl }) => {
  let shared: Redis | undefined;
  async function connect() {
    if (!shared) {
      shared = openRedis({ url: redisUrl, name: 'limits', log: silentLogger, timeoutMs: 2_000 });
      opened.push(shared);
      await shared.connected(5_000);
    }
    return shared;
  }
  async function setUp(parts: Partial<RedisRateLimiterOptions> = {}) {
    const redis = await connect();
    const prefix = parts.prefix ?? randomPrefix();
    const limiter = createRedisRateLimiter({
      ...{ redis, prefix, liveGateways: () => 1, nowUs: hrtimeUs, timeoutMs: 2_000 },
      ...parts,
    });
    opened.push(limiter);
    return { redis, prefix, limiter };
  }

  rateLimiterContract('the Redis limiter', async () => {
    const time = { us: 1_790_000_000_000_000 };
    const { limiter } = await setUp({ serverNowUs: () => time.us });
    return { limiter, advanceUs: (us: number) => void (time.us += us) };
  });

  describe('one truth for all gateways', () => {
    test('three limiters share one bucket to the unit', async () => {
      const { prefix, limiter } = await setUp();
      const limiters = [limiter, (await setUp({ prefix })).limiter, (await setUp({ prefix })).limiter];
      const calls = Array.from({ length: 60 }, (_, call) => limiters[call % 3]?.decide([charge({ q: 20 })]));
      const decisions = await Promise.all(calls);
      expect(decisions.filter((decision) => decision?.admitted)).toHaveLength(20);
    });

    test('T17 clocks of gateways at -5 min, 0, +5 min, one stepping back 2 h in flight: the same decisions, t within 0..w', async () => {
      const clocks = [-300, 0, 300].map((s) => ({ us: 1_000_000_000_000 + s * 1e6 }));
      const server = { us: 1_790_000_000_000_000 };
      const { prefix } = await setUp();
      const limiters = await Promise.all(
        clocks.map(async (clock) => setUp({ prefix, nowUs: () => clock.us, serverNowUs: () => server.us })),
      );
      const alone = (await setUp({ serverNowUs: () => server.us })).limiter;
      for (let call = 0; call < 90; call += 1) {
        server.us += 700_000;
        for (const clock of clocks) clock.us += 700_000;
        if (call === 45) for (const clock of clocks.slice(2)) clock.us -= 7_200_000_000;
        const decision = await limiters[call % 3]?.limiter.decide([charge({ q: 30 })]);
        expect(decision).toEqual(await alone.decide([charge({ q: 30 })]));
        expect(decision?.policies[0]?.t).toBeGreaterThanOrEqual(0);
        expect(decision?.policies[0]?.t).toBeLessThanOrEqual(60e6);
      }
    });

    test('T17 the server’s own clock steps back 2 h or forward: t stays within 0..w, nobody is shut out for longer than w', async () => {
      const server = { us: 1_790_000_000_000_000 };
      const { limiter } = await setUp({ serverNowUs: () => server.us });
      for (let call = 0; call < 6; call += 1) await limiter.decide([charge()]);
      server.us -= 7_200_000_000;
      const { admitted, policies } = await limiter.decide([charge()]);
      expect([admitted, policies[0]?.t, policies[0]?.wait]).toEqual([false, 12e6, 12e6]);
      server.us += 12_000_000;
      expect((await limiter.decide([charge()])).admitted).toBe(true);
      server.us += 7_200_000_000;
      expect((await limiter.decide([charge()])).policies[0]).toMatchObject({ r: 4, t: 12e6 });
    });

    test('a decision is one command, whatever the number of its policies', async () => {
      let sent = 0;
      const redis = await connect();
      const run: Redis['run'] = (...words) => ((sent += 1), redis.run(...words));
      const { limiter } = await setUp({ redis: { ...redis, run } });
      const charges = ['key-min', 'tenant-min', 'tenant-hour', 'lookup-min', 'lookup-hour'].map((policy) =>
        charge({ policy, q: 100 }),
      );
      await limiter.decide(charges);
      expect(sent).toBe(1);
    });
  });

  test('buckets end with their debt: nothing stays in the store for ever', async () => {
    const { redis, prefix, limiter } = await setUp();
    await limiter.decide([charge({ tenant: 'ten_1' }), charge({ policy: 'ip-min', partition: '::1' })]);
    const listLives = defineScript(`
      local lines = {}
      for i, key in ipairs(redis.call('KEYS', ARGV[1])) do lines[i] = key .. ' ' .. redis.call('PTTL', key) end
      return lines`);
    const lines = (await redis.run(listLives, [], [`${prefix}:rl:*`])) as string[];
    const keys = lines.map((line) => line.split(' ', 1)[0]);
    expect(keys.sort()).toEqual([`${prefix}:rl:{%3a%3a1}:ip-min`, `${prefix}:rl:{ten_1}:key-min:a`]);
    for (const line of lines) expect(Number(line.split(' ')[1])).toBeLessThanOrEqual(12_000);
  });

  test('a server clock that was set forward delays nobody: what it takes for late is sent again, and charged once', async () => {
    const clock = { us: 1_000_000_000 };
    const { limiter } = await setUp({ nowUs: () => clock.us });
    await limiter.decide([charge()]);
    // The same as seen from here: less time has passed than the server says.
    clock.us -= 60_000_000;
    expect((await limiter.decide([charge()])).admitted).toBe(true);
    expect((await limiter.decide([charge({ cost: 0 })])).policies[0]?.r).toBe(3);
    expect(limiter.isDegraded()).toBe(false);
  });
});
