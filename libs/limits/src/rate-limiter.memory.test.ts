import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rateLimiterContract } from './rate-limiter.contract.ts';
import { createMemoryRateLimiter, hrtimeUs } from './rate-limiter.memory.ts';

function setUp(maxBuckets?: number) {
  const time = { us: 7_000_000_000 };
  const limiter = createMemoryRateLimiter({ nowUs: () => time.us, maxBuckets });
  return { time, limiter, advanceUs: (us: number) => void (time.us += us) };
}

rateLimiterContract('the memory limiter', setUp);

describe('the bound', () => {
  const policy = fc.record({
    q: fc.integer({ min: 1, max: 40 }),
    windowS: fc.integer({ min: 1, max: 100 }),
    burst: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  });
  const arrivals = fc.array(
    fc.record({
      gapUs: fc.oneof(fc.constant(0), fc.nat(200_000), fc.nat(20_000_000)),
      cost: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength: 1, maxLength: 120 },
  );

  test('in any span e at most burst + floor(e / T) units are admitted', async () => {
    await fc.assert(
      fc.asyncProperty(policy, arrivals, async ({ q, windowS, burst }, steps) => {
        const { limiter, time, advanceUs } = setUp();
        const most = burst ?? q;
        const unitUs = Math.ceil((windowS * 1e6) / q);
        const admitted: { us: number; cost: number }[] = [];
        for (const { gapUs, cost } of steps) {
          advanceUs(gapUs);
          const charge = { policy: 'p', partition: 'a', q, windowS, burst, cost: Math.min(cost, most) };
          if ((await limiter.decide([charge])).admitted) admitted.push({ us: time.us, cost: charge.cost });
        }
        for (const [first, from] of admitted.entries()) {
          let units = 0;
          for (const to of admitted.slice(first)) {
            units += to.cost;
            expect(units).toBeLessThanOrEqual(most + Math.floor((to.us - from.us) / unitUs));
          }
        }
      }),
    );
  });

  test('it holds when charges are given back late, counting only what was kept', async () => {
    const steps = fc.array(
      fc.record({ gapUs: fc.nat(3_000_000), refundAfter: fc.option(fc.nat(4), { nil: undefined }) }),
      {
        minLength: 1,
        maxLength: 120,
      },
    );
    await fc.assert(
      fc.asyncProperty(policy, steps, async ({ q, windowS, burst }, list) => {
        const { limiter, time, advanceUs } = setUp();
        const charge = { policy: 'p', partition: 'a', q, windowS, burst, cost: 1 };
        const unitUs = Math.ceil((windowS * 1e6) / q);
        const kept: number[] = [];
        const due: { step: number; refund: () => Promise<void> }[] = [];
        for (const [step, { gapUs, refundAfter }] of list.entries()) {
          advanceUs(gapUs);
          for (const { step: at, refund } of due) if (at === step) await refund();
          const decision = await limiter.decide([charge]);
          if (!decision.admitted) continue;
          if (refundAfter === undefined) kept.push(time.us);
          else due.push({ step: step + refundAfter + 1, refund: () => limiter.refund([charge], decision) });
        }
        for (const [first, from] of kept.entries()) {
          for (const [last, to] of kept.entries()) {
            if (last < first) continue;
            expect(last - first + 1).toBeLessThanOrEqual((burst ?? q) + Math.floor((to - from) / unitUs));
          }
        }
      }),
    );
  });
});

describe('the bound of kind log', () => {
  const steps = fc.array(
    fc.record({ gapUs: fc.oneof(fc.constant(0), fc.nat(2_000_000), fc.nat(70_000_000)), isKept: fc.boolean() }),
    { minLength: 1, maxLength: 150 },
  );

  test('in any window at most q units are kept, whoever shares the limit, and one who waits is admitted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 4 }), steps, async (q, n, list) => {
        const time = { us: 1e9 };
        const limiters = Array.from({ length: n }, () =>
          createMemoryRateLimiter({ nowUs: () => time.us, liveGateways: () => n }),
        );
        const charge = { policy: 'p', partition: 'a', q, windowS: 60, cost: 1, kind: 'log' as const };
        const kept: number[] = [];
        for (const [step, { gapUs, isKept }] of list.entries()) {
          time.us += gapUs;
          const limiter = limiters[step % n];
          const decision = await limiter?.decide([charge]);
          const [state] = decision?.policies ?? [];
          expect(state && state.r >= 0 && state.r <= q && state.t >= 0 && state.t <= 60e6).toBe(true);
          if (!decision?.admitted) {
            expect(state?.wait).toBeGreaterThanOrEqual(state?.t ?? Number.NaN);
            time.us += state?.wait ?? 0;
            const again = await limiter?.decide([charge]);
            expect(again?.admitted).toBe(true);
            kept.push(time.us);
          } else if (isKept) kept.push(time.us);
          else await limiter?.refund([charge], decision);
        }
        for (const from of kept) {
          const units = kept.filter((us) => us >= from && us < from + 60e6).length;
          expect(units).toBeLessThanOrEqual(Math.max(q, n));
        }
      }),
    );
  });
});

describe('memory', () => {
  test('buckets that are empty are forgotten, those in use are not', async () => {
    const { limiter, advanceUs } = setUp(100);
    const slow = { policy: 'slow', partition: 'a', q: 1, windowS: 3_600, cost: 1 };
    await limiter.decide([slow]);
    for (let caller = 0; caller < 10_000; caller += 1) {
      await limiter.decide([{ policy: 'fast', partition: `c${caller}`, q: 60, windowS: 60, cost: 1 }]);
      advanceUs(100_000);
    }
    expect((await limiter.decide([slow])).admitted).toBe(false);
  });

  test('a table full of buckets in use still takes new callers, and limits them', async () => {
    const { limiter } = setUp(100);
    const once = (partition: string) => ({ policy: 'p', partition, q: 1, windowS: 3_600, cost: 1 });
    for (let caller = 0; caller < 1_000; caller += 1) await limiter.decide([once(`c${caller}`)]);
    expect((await limiter.decide([once('new')])).admitted).toBe(true);
    expect((await limiter.decide([once('new')])).admitted).toBe(false);
  });
});

test('the clock is whole µs and never steps back', () => {
  const readings = Array.from({ length: 1_000 }, hrtimeUs);
  expect(readings.every(Number.isSafeInteger)).toBe(true);
  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
});
