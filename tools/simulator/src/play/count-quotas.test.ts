import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createQuotaCounter } from './count-quotas.ts';

const quota = (limit: number, windowS: number, countedAs = 'one') => ({ limit, windowS, countedAs });

test('a window takes its limit and says when it ends; the next begins on the clock', () => {
  const counter = createQuotaCounter();
  const quotas = [quota(2, 60)];
  expect(counter.take(quotas, 30_000)).toBeUndefined();
  expect(counter.take(quotas, 59_999)).toBeUndefined();
  expect(counter.take(quotas, 59_999)).toBe(60_000);
  expect(counter.take(quotas, 60_000)).toBeUndefined();
});

test('a call that one quota refuses is counted by none', () => {
  const counter = createQuotaCounter();
  const [second, minute] = [quota(1, 1), quota(3, 60)];
  expect(counter.take([second, minute], 0)).toBeUndefined();
  expect(counter.take([second, minute], 1)).toBe(1_000);
  expect(counter.take([second, minute], 1_000)).toBeUndefined();
  expect(counter.take([second, minute], 2_000)).toBeUndefined();
  expect(counter.take([second, minute], 3_000)).toBe(60_000);
});

test('what is counted under another name has a window of its own', () => {
  const counter = createQuotaCounter();
  expect(counter.take([quota(1, 60, 'one')], 0)).toBeUndefined();
  expect(counter.take([quota(1, 60, 'two')], 0)).toBeUndefined();
  expect(counter.take([quota(1, 60, 'one')], 0)).toBe(60_000);
});

test('whenever calls come, no window has more than its limit', () => {
  const times = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 7 }), (when, limit, windowS) => {
      const counter = createQuotaCounter();
      const taken = new Map<number, number>();
      for (const now of when.toSorted((a, b) => a - b)) {
        const window = Math.floor(now / (windowS * 1000));
        const hasRoom = (taken.get(window) ?? 0) < limit;
        expect(counter.take([quota(limit, windowS)], now) === undefined).toBe(hasRoom);
        if (hasRoom) taken.set(window, (taken.get(window) ?? 0) + 1);
      }
    }),
  );
});
