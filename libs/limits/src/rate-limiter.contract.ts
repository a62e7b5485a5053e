import { describe, expect, test } from '@jest/globals';
import { generateRateVectors, rateVectorCount } from './rate-vectors.ts';
import type { Charge, RateLimiter } from './rate-limiter.ts';

export { createRateOracle, type ExpectedDecision, type RateOracle } from './rate-oracle.ts';
export { parseFieldList, type FieldItem } from './structured-fields.ts';
export { generateRateVectors, rateVectorCount, type RateVector } from './rate-vectors.ts';

/** A limiter to be proved, with no bucket in use, and a clock that only the suite moves. */
export interface RateLimiterUnderTest {
  readonly limiter: RateLimiter;
  advanceUs(us: number): Promise<void> | void;
}

const second = 1_000_000;
const charge = (overrides: Partial<Charge> = {}): Charge => ({
  policy: 'key-min',
  partition: 'a',
  q: 5,
  windowS: 60,
  cost: 1,
  ...overrides,
});

/** The suite that every adapter of `RateLimiter` passes; `create` gives a fresh one each time. */
export function rateLimiterContract(
  name: string,
  create: () => Promise<RateLimiterUnderTest> | RateLimiterUnderTest,
): void {
  describe(`${name} keeps the law of RateLimiter`, () => {
    test(`all ${rateVectorCount} vectors`, async () => {
      const { limiter, advanceUs } = await create();
      let seen = 0;
      for (const vector of generateRateVectors()) {
        await advanceUs(vector.advanceUs);
        const { atUs: _atUs, ...decision } = await limiter.decide(vector.charges);
        // Compared as text first: `toEqual` on each would take most of the time of the suite.
        if (JSON.stringify(decision) !== JSON.stringify(vector.expected)) {
          expect({ seen, vector, decision }).toEqual({ seen, vector, decision: vector.expected });
        }
        seen += 1;
      }
      expect(seen).toBe(rateVectorCount);
    }, 60_000);

    test('T16 a refusal costs nothing, in no policy', async () => {
      const { limiter } = await create();
      const key = charge({ policy: 'key-min', q: 10 });
      const tenant = charge({ policy: 'tenant-min', q: 5 });
      const decisions = [];
      for (let call = 0; call < 20; call += 1) decisions.push(await limiter.decide([key, tenant]));
      expect(decisions.filter(({ admitted }) => admitted)).toHaveLength(5);
      expect(decisions.at(-1)?.violated).toEqual(['tenant-min']);
      const [state] = (await limiter.decide([{ ...key, cost: 0 }])).policies;
      expect(state?.r).toBe(5);
    });

    test('calls at the same time share one bucket', async () => {
      const { limiter } = await create();
      const decisions = await Promise.all(Array.from({ length: 40 }, () => limiter.decide([charge()])));
      expect(decisions.filter(({ admitted }) => admitted)).toHaveLength(5);
    });

    test('policies and partitions have buckets of their own, whatever their text', async () => {
      const { limiter } = await create();
      const once = { q: 1, windowS: 3_600 };
      const buckets = [
        { policy: 'a', partition: 'b:c' },
        { policy: 'a:b', partition: 'c' },
        { policy: 'a', partition: '2001:db8:0:0::/64' },
        { policy: 'a', partition: '' },
        { policy: 'a', partition: '{b}' },
      ];
      for (const bucket of buckets)
        expect((await limiter.decide([charge({ ...once, ...bucket })])).admitted).toBe(true);
      for (const bucket of buckets)
        expect((await limiter.decide([charge({ ...once, ...bucket })])).admitted).toBe(false);
    });

    test('to look costs nothing and shows what is left', async () => {
      const { limiter } = await create();
      await limiter.decide([charge({ cost: 2 })]);
      for (let look = 0; look < 10; look += 1) {
        const { admitted, policies } = await limiter.decide([charge({ cost: 0 })]);
        expect([admitted, policies[0]?.r]).toEqual([true, 3]);
      }
    });

    test('a cost above the burst is a bad request and charges nobody', async () => {
      const { limiter } = await create();
      const other = charge({ policy: 'tenant-min', q: 100, cost: 6 });
      await expect(limiter.decide([other, charge({ cost: 6 })])).rejects.toMatchObject({ code: 'invalid_request' });
      const [state] = (await limiter.decide([{ ...other, cost: 0 }])).policies;
      expect(state?.r).toBe(100);
    });

    test('a refund gives the charge back, and only once was it taken', async () => {
      const { limiter } = await create();
      for (let call = 0; call < 50; call += 1) {
        const decision = await limiter.decide([charge()]);
        expect(decision.admitted).toBe(true);
        await limiter.refund([charge()], decision);
      }
      for (let call = 0; call < 5; call += 1) await limiter.decide([charge()]);
      const refused = await limiter.decide([charge()]);
      await limiter.refund([charge()], refused);
      expect([refused.admitted, (await limiter.decide([charge()])).admitted]).toEqual([false, false]);
    });

    test('of kind log, any window admits at most q, and a unit leaves a window after it was taken', async () => {
      const { limiter, advanceUs } = await create();
      const pair = charge({ policy: 'login-pair', q: 3, windowS: 60, kind: 'log' });
      const seen: [boolean, number | undefined, number | undefined, number | undefined][] = [];
      const step = async (afterS: number) => {
        await advanceUs(afterS * second);
        const { admitted, policies } = await limiter.decide([pair]);
        seen.push([admitted, policies[0]?.r, (policies[0]?.t ?? 0) / second, (policies[0]?.wait ?? 0) / second]);
      };
      for (const afterS of [0, 40, 10, 0, 10, 0, 40]) await step(afterS);
      expect(seen).toEqual([
        [true, 2, 60, 0],
        [true, 1, 20, 0],
        [true, 0, 10, 0],
        [false, 0, 10, 10],
        // The first has left; at a rate the bucket would have had room long before.
        [true, 0, 40, 0],
        [false, 0, 40, 40],
        [true, 0, 10, 0],
      ]);
    });

    test('of kind log, a charge of three buckets is taken from all or none, and given back in all', async () => {
      const { limiter } = await create();
      const pair = charge({ policy: 'login-pair', q: 2, kind: 'log' });
      const account = charge({ policy: 'login-account', q: 3, kind: 'log' });
      const rate = charge({ policy: 'register-ip', q: 10 });
      const all = [pair, account, rate];
      const look = async () =>
        (await limiter.decide(all.map((one) => ({ ...one, cost: 0 })))).policies.map(({ r }) => r);
      await limiter.decide(all);
      const second = await limiter.decide(all);
      const refused = await limiter.decide(all);
      expect([refused.admitted, refused.violated, await look()]).toEqual([false, ['login-pair'], [0, 1, 8]]);
      await limiter.refund(all, second);
      await limiter.refund(all, refused);
      expect(await look()).toEqual([1, 2, 9]);
    });

    test('of kind log, a unit that has left the window is not given back from those of others', async () => {
      const { limiter, advanceUs } = await create();
      const pair = charge({ policy: 'login-pair', q: 2, kind: 'log' });
      const early = await limiter.decide([pair]);
      await advanceUs(60 * second);
      await limiter.decide([pair]);
      await limiter.refund([pair], early);
      expect((await limiter.decide([{ ...pair, cost: 0 }])).policies[0]?.r).toBe(1);
    });

    test('of kind log, whatever comes when, in any window at most q are admitted and none is refused for nothing', async () => {
      const { limiter, advanceUs } = await create();
      const pattern = [0, 1, 7, 0, 30, 2, 29, 60, 1, 59, 0, 0, 13, 61];
      for (const [q, cost] of [
        [1, 1],
        [3, 1],
        [5, 2],
      ] as const) {
        const log = charge({ policy: `log-${q}`, q, cost, kind: 'log' });
        const admitted: number[] = [];
        let us = 0;
        for (let call = 0; call < 60; call += 1) {
          const gapUs = (pattern[(call * 5 + q) % pattern.length] ?? 0) * second - (call % 2);
          us += Math.max(gapUs, 0);
          await advanceUs(Math.max(gapUs, 0));
          const decision = await limiter.decide([log]);
          const counted = admitted.filter((at) => at > us - 60 * second).length * cost;
          expect(decision.admitted).toBe(counted + cost <= q);
          if (decision.admitted) admitted.push(us);
        }
      }
    });

    test('a late refund gives nothing that came back by itself', async () => {
      const { limiter, advanceUs } = await create();
      const early = await limiter.decide([charge()]);
      await advanceUs(12 * second);
      await limiter.decide([charge({ cost: 3 })]);
      await limiter.refund([charge()], early);
      expect((await limiter.decide([charge({ cost: 0 })])).policies[0]?.r).toBe(2);
    });
  });
}
