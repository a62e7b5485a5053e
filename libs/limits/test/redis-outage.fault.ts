import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askRedis, startRedis, type RedisServer } from '@universal-api/infra';
import { describeWithInfra, randomPrefix } from '@universal-api/testing/brokers';
import { setTimeout } from 'node:timers/promises';
import type { Charge } from '../src/index.ts';
import { overloadGateways, worstExcess } from './overloaded-gateways.ts';

const outageMs = process.env['FAULTS'] === 'short' ? 8_000 : 30_000;
const beforeMs = 3_000;
/** 20 units a second, 200 at once: the bucket is used up in a few seconds of three times the limit. */
const charge: Charge = { policy: 'key-min', partition: 'a', tenant: 'ten', q: 200, windowS: 10, cost: 1 };
const perSecond = 60;

const modes = {
  stopped: { begin: (redis: RedisServer) => redis.kill(), end: (redis: RedisServer) => redis.restart() },
  frozen: { begin: async (redis: RedisServer) => redis.freeze(), end: async (redis: RedisServer) => redis.thaw() },
  full: {
    begin: (redis: RedisServer) => configure(redis, '1mb'),
    end: (redis: RedisServer) => configure(redis, redis.maxmemory),
  },
};

async function configure({ port }: RedisServer, maxmemory: string): Promise<void> {
  expect(await askRedis(port, `CONFIG SET maxmemory ${maxmemory}`)).toBe('+OK');
}
async function until(condition: () => boolean, withinMs: number): Promise<number> {
  const begun = performance.now();
  while (performance.now() < begun + withinMs && !condition()) await setTimeout(20);
  return performance.now() - begun;
}

let redis: RedisServer;
describeWithInfra('T18 three gateways at three times the limit', () => {
  beforeAll(async () => {
    redis = await startRedis();
  }, 60_000);
  afterAll(() => redis?.stop());

  for (const [mode, { begin, end }] of Object.entries(modes)) {
    test(`T18 Redis ${mode}: no error, the bound holds in every span, global within 6 s, normal within 10 s`, async () => {
      const gateways = await overloadGateways({ url: redis.url, prefix: randomPrefix(), charge, perSecond });
      try {
        await setTimeout(beforeMs);
        expect(gateways.switches).toEqual([]);
        await begin(redis);
        await until(() => gateways.degraded() === 3, 2_000);
        expect(gateways.degraded()).toBe(3);
        await setTimeout(outageMs);
        await end(redis);
        const backMs = await until(() => gateways.degraded() === 0, 10_000);
        const passedThen = gateways.passed.length;
        const begun = performance.now();
        await setTimeout(10_000 - backMs);
        const passedAt10 = gateways.passed.length;
        await setTimeout(3_000);
        const inLast3 = gateways.passed.length - passedAt10;
        print(mode, {
          ...gateways,
          backMs,
          perSecond: (passedAt10 - passedThen) / ((performance.now() - begun) / 1e3),
          inLast3,
        });
        expect(gateways.errors).toEqual([]);
        expect(worstExcess(gateways.passed, charge, { factor: 1.1 })).toBeLessThanOrEqual(0);
        expect(backMs).toBeLessThanOrEqual(6_000);
        // Normal again: as many as the limit gives, 20 a second.
        expect(inLast3).toBeGreaterThanOrEqual(54);
        expect(gateways.switches.map(({ isDegraded }) => isDegraded)).toEqual([true, true, true, false, false, false]);
      } finally {
        await gateways.stop();
      }
    }, 120_000);
  }

  test('T18 Redis flushed, its scripts too: at most one burst more for each flush, no error, nobody degraded', async () => {
    const gateways = await overloadGateways({ url: redis.url, prefix: randomPrefix(), charge, perSecond: 200 });
    try {
      for (let flush = 1; flush <= 2; flush += 1) {
        await setTimeout(beforeMs);
        expect(await askRedis(redis.port, 'FLUSHALL')).toBe('+OK');
        expect(await askRedis(redis.port, 'SCRIPT FLUSH')).toBe('+OK');
      }
      await setTimeout(beforeMs);
      print('flushed twice', { ...gateways, backMs: 0, perSecond: 0, inLast3: 0 });
      expect(gateways.errors).toEqual([]);
      expect(gateways.switches).toEqual([]);
      expect(worstExcess(gateways.passed, charge, { extra: 2 * charge.q })).toBeLessThanOrEqual(1);
    } finally {
      await gateways.stop();
    }
  }, 60_000);
});

/** For the eye: figures that depend on the machine are judged by `npm run bench`. */
function print(
  mode: string,
  run: {
    passed: readonly { atMs: number }[];
    latenciesMs: number[];
    backMs: number;
    perSecond: number;
    inLast3: number;
  },
): void {
  const sorted = run.latenciesMs.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  const excess = worstExcess([...run.passed], charge);
  process.stderr.write(
    `${mode}: ${sorted.length} calls, ${run.passed.length} admitted, worst span ${excess} over burst + floor(e/T), ` +
      `global after ${run.backMs.toFixed(0)} ms, ${run.inLast3} admitted in the last 3 s, p99 ${p99.toFixed(1)} ms\n`,
  );
}
