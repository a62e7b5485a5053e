// T18 over HTTP: Redis stopped, frozen, full and flushed under three gateways.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fillRedis, flushRedis } from '@universal-api/faults';
import { startRedis, type RedisServer } from '@universal-api/infra';
import { describeWithInfra } from '@universal-api/testing/brokers';
import { setTimeout } from 'node:timers/promises';
import { overload, worstExcess, type Call, type Limit, type Overload } from './outage/overload.ts';
import { startThreeGateways, type ThreeGateways } from './outage/start-three-gateways.ts';

const isShort = process.env['FAULTS'] === 'short';
const outageMs = isShort ? 8_000 : 30_000;
const beforeMs = 4_000;
/** Of one key; it is asked for three times as much, 500 calls a second in full. */
const limit: Limit = { q: isShort ? 120 : 1_000, windowS: 6 };
const perSecond = (3 * limit.q) / limit.windowS;

const faults: Readonly<Record<string, (redis: RedisServer) => Promise<() => Promise<unknown>>>> = {
  stopped: async (redis) => {
    await redis.kill();
    return () => redis.restart();
  },
  frozen: async (redis) => {
    redis.freeze();
    return async () => redis.thaw();
  },
  full: async (redis) => (await fillRedis(redis)).empty,
};

let redis: RedisServer;
let gateways: ThreeGateways;

/** Distinct places where there is a town everywhere, so that each answer is worth keeping. */
function load(): Overload {
  let asked = 0;
  return overload(perSecond, () => {
    asked += 1;
    const [lat, lon] = [45 + Math.random() * 6, 2 + Math.random() * 9];
    const url = gateways.urls[asked % gateways.urls.length] ?? '';
    return { url: `${url}/api/v1/geocoding/reverse?lat=${lat.toFixed(4)}&lon=${lon.toFixed(4)}`, key: gateways.key };
  });
}
const degraded = () => gateways.gauge('uapi_ratelimit_degraded');
/** Waits until each gateway says 0 or 1; how long that took, ms. */
async function untilAll(wanted: 0 | 1, withinMs: number): Promise<number> {
  const begun = performance.now();
  while (performance.now() < begun + withinMs && (await degraded()).some((value) => value !== wanted))
    await setTimeout(50);
  return performance.now() - begun;
}
const since = (calls: readonly Call[], ms: number) => calls.filter(({ sentMs }) => sentMs >= ms);
/** Each way in which calls ended, once. */
const endsOf = (calls: readonly Call[]) =>
  [...new Set(calls.map(({ status, code }) => `${status} ${code}`.trim()))].sort();
interface DeepHealth {
  readonly apps?: Readonly<Record<string, { readonly parts: Readonly<Record<string, { readonly status: string }>> }>>;
}
/** What deep health says of a gateway's Redis, and of the one of the search service. */
async function redisHealth(): Promise<string[]> {
  // Without the key, which has nothing left.
  const response = await fetch(`${gateways.urls[0]}/api/v1/health/deep`);
  const { apps, ...rest } = (await response.json()) as DeepHealth;
  return ['gateway', 'search'].map((app) => apps?.[app]?.parts['redis']?.status ?? JSON.stringify(rest));
}

describeWithInfra('T18 three gateways as processes, at three times the limit of a key', () => {
  beforeAll(async () => {
    redis = await startRedis();
    const wide = '100000000/60';
    gateways = await startThreeGateways({
      REDIS_URL: redis.url,
      ANONYMOUS_ACCESS: 'on',
      RL_KEY_MIN: `${limit.q}/${limit.windowS}`,
      ...{ RL_IP_MIN: wide, RL_TENANT_MIN: wide, RL_TENANT_HOUR: wide, RL_LOOKUP_MIN: wide, RL_LOOKUP_HOUR: wide },
    });
    // Cold processes shed load by themselves, which says nothing of Redis.
    const { stop } = load();
    await setTimeout(5 * beforeMs);
    await stop();
  }, 120_000);
  afterAll(async () => {
    await gateways?.stop();
    await redis?.stop();
  }, 60_000);

  for (const [mode, begin] of Object.entries(faults)) {
    test(`T18 Redis ${mode}: 0 × 5xx, the bound holds, it is said, global within 6 s, normal within 10 s`, async () => {
      const { calls, stop } = load();
      let end: () => Promise<unknown> = async () => {};
      try {
        await setTimeout(beforeMs);
        await untilAll(0, 10_000);
        expect(await degraded()).toEqual([0, 0, 0]);
        end = await begin(redis);
        const begunMs = performance.now();
        await untilAll(1, 3_000);
        expect(await degraded()).toEqual([1, 1, 1]);
        await setTimeout(outageMs);
        const during = since(calls, begunMs + outageMs / 2).filter(({ status }) => status === 200);
        const saying = during.filter((call) => call.degraded.includes('cache'));
        const health = await redisHealth();
        await end();
        end = async () => {};
        const backMs = await untilAll(0, 10_000);
        await setTimeout(10_000 - backMs);
        const normalMs = performance.now();
        await setTimeout(3_000);
        await stop();
        const normal = since(calls, normalMs).filter(({ status }) => status === 200);
        print(mode, calls, `global after ${backMs.toFixed(0)} ms, ${normal.length} admitted in the last 3 s`);
        expect(endsOf(calls)).toEqual(['200', '429 quota_exceeded']);
        expect(worstExcess(calls, limit, { factor: 1.1 })).toBeLessThanOrEqual(0);
        expect([during.length > 0, saying.length]).toEqual([true, during.length]);
        expect(health).toEqual(['degraded', 'degraded']);
        expect(backMs).toBeLessThanOrEqual(6_000);
        // As many as the limit gives, and answers that were kept as ever.
        expect(normal.length).toBeGreaterThanOrEqual(0.9 * 3 * (limit.q / limit.windowS));
        expect(normal.filter((call) => call.degraded.length > 0)).toEqual([]);
        expect(gateways.ended()).toEqual([]);
      } finally {
        await end();
        await stop();
      }
    }, 120_000);
  }

  test('T18 Redis flushed: at most one burst more for each flush, 0 × 5xx, nobody degraded', async () => {
    const { calls, stop } = load();
    const flushes = 2;
    try {
      await setTimeout(beforeMs);
      for (let flush = 1; flush <= flushes; flush += 1) {
        await flushRedis(redis);
        await setTimeout(beforeMs);
      }
      expect(await degraded()).toEqual([0, 0, 0]);
      await stop();
      print(`flushed ${flushes} times`, calls, 'nobody degraded');
      expect(endsOf(calls)).toEqual(['200', '429 quota_exceeded']);
      expect(worstExcess(calls, limit, { extra: flushes * limit.q })).toBeLessThanOrEqual(1);
      expect(gateways.ended()).toEqual([]);
    } finally {
      await stop();
    }
  }, 60_000);
});

/** For the eye: figures that depend on the machine are judged by `npm run bench`. */
function print(mode: string, calls: readonly Call[], more: string): void {
  const times = calls.map(({ sentMs, answeredMs }) => answeredMs - sentMs).sort((a, b) => a - b);
  const admitted = calls.filter(({ status }) => status === 200).length;
  process.stderr.write(
    `${mode}: ${calls.length} calls, ${admitted} admitted, worst span ${worstExcess(calls, limit)} over ` +
      `burst + floor(e/T), ${more}, p99 ${(times[Math.floor(times.length * 0.99)] ?? 0).toFixed(1)} ms\n`,
  );
}
