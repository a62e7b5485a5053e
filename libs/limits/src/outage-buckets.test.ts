import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createOutageBuckets } from './outage-buckets.ts';
import type { Charge } from './rate-limiter.ts';

const second = 1_000_000;
const pair: Charge = { policy: 'login-pair', partition: 'a', q: 5, windowS: 900, cost: 1, kind: 'log' };

function setUp(gateways = 1) {
  const time = { us: 1e12 };
  const buckets = createOutageBuckets({ nowUs: () => time.us, liveGateways: () => gateways, maxBuckets: 100 });
  return { time, buckets };
}

describe('a bucket of kind log while the store is away', () => {
  test('starts from what the store answered last, and is never open', () => {
    const { buckets, time } = setUp();
    buckets.remember([pair], [[100 * second, 0, 0]]);
    time.us += 10 * second;
    expect([1, 2, 3].map(() => buckets.decide([pair]).admitted)).toEqual([true, true, false]);
    time.us += 790 * second;
    expect(buckets.decide([pair]).admitted).toBe(true);
    expect(buckets.decide([pair]).admitted).toBe(false);
  });

  test('is shared: each of three gateways admits one of five, and at least one of two', () => {
    for (const q of [5, 2]) {
      const { buckets } = setUp(3);
      const own = { ...pair, q };
      expect([1, 2].map(() => buckets.decide([own]).admitted)).toEqual([true, false]);
    }
  });

  test('tells the store once what it admitted, as it was, and again if that did not arrive', () => {
    const { buckets, time } = setUp(2);
    buckets.remember([pair], [[50 * second]]);
    buckets.decide([pair]);
    time.us += 10 * second;
    const owed = buckets.takeOwed([pair], false);
    expect(owed).toEqual([{ baseUs: 0, owedUs: 0, baseAges: [60 * second], owedAges: [10 * second] }]);
    expect(buckets.takeOwed([pair], false)).toBeUndefined();
    expect(buckets.takeOwed([pair], true)).toMatchObject([{ baseAges: [60 * second], owedAges: [] }]);
    buckets.putBack([pair], owed ?? []);
    time.us += 5 * second;
    expect(buckets.takeOwed([pair], false)).toMatchObject([{ owedAges: [15 * second] }]);
  });

  test('gives back what a success took, and then owes nothing', () => {
    const { buckets } = setUp(2);
    for (let login = 0; login < 20; login += 1) {
      const decision = buckets.decide([pair]);
      expect(decision.admitted).toBe(true);
      buckets.refund([pair], { atUs: decision.atUs, isOwed: true });
    }
    expect(buckets.takeOwed([pair], false)).toBeUndefined();
  });

  test('in any window the gateways together admit at most q, or one each', () => {
    const steps = fc.array(fc.record({ gapUs: fc.nat(200 * second), gateway: fc.nat(3) }), { maxLength: 120 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 }), steps, (q, n, list) => {
        const all = Array.from({ length: n }, () => setUp(n));
        const admitted: number[] = [];
        for (const { gapUs, gateway } of list) {
          for (const { time } of all) time.us += gapUs;
          const one = all[gateway % n];
          if (one?.buckets.decide([{ ...pair, q }]).admitted) admitted.push(one.time.us);
        }
        for (const from of admitted) {
          const units = admitted.filter((us) => us >= from && us < from + 900 * second).length;
          expect(units).toBeLessThanOrEqual(Math.max(q, n));
        }
      }),
    );
  });
});
