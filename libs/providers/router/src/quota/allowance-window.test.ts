import { describe, expect, test } from '@jest/globals';
import type { Quota } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { createAllowanceWindow } from './allowance-window.ts';

const quota = (changes: Partial<Quota>): Quota => ({
  unit: 'calls',
  limit: 3,
  windowS: 60,
  window: 'sliding',
  countedBy: 'process',
  ...changes,
});

/** Offers a call at each time; answers the times of those that were let through. */
function letThrough(rules: Quota, gapsMs: readonly number[]): number[] {
  const window = createAllowanceWindow(rules);
  let now = 1_800_000_000_000;
  return gapsMs.flatMap((gapMs) => {
    now += gapMs;
    if (window.freeAt(now) > now) return [];
    window.take(now);
    return [now];
  });
}

const someGaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 90_000 })), {
  maxLength: 200,
});
const someLimit = fc.integer({ min: 1, max: 20 });

describe('a sliding window', () => {
  test('no stretch of its length ever has more calls than the limit', () => {
    fc.assert(
      fc.property(someLimit, fc.integer({ min: 1, max: 60 }), someGaps, (limit, windowS, gaps) => {
        const times = letThrough(quota({ limit, windowS }), gaps);
        for (const [index, time] of times.entries()) {
          const after = times[index + limit];
          if (after !== undefined) expect(after - time).toBeGreaterThanOrEqual(windowS * 1000);
        }
      }),
    );
  });

  test('a call is allowed again at the time it names, a sixtieth of the window late at most', () => {
    fc.assert(
      fc.property(someLimit, someGaps, (limit, gaps) => {
        const window = createAllowanceWindow(quota({ limit }));
        let now = 1_800_000_000_000;
        const taken: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const freeAt = window.freeAt(now);
          if (freeAt > now) {
            const exact = (taken.at(-limit) ?? 0) + 60_000;
            expect(freeAt).toBeGreaterThanOrEqual(exact);
            expect(freeAt).toBeLessThanOrEqual(exact + 1000);
            now = freeAt;
            expect(window.freeAt(now)).toBe(now);
          }
          window.take(now);
          taken.push(now);
        }
      }),
    );
  });

  test('a call that was given back does not count', () => {
    const window = createAllowanceWindow(quota({ limit: 1 }));
    window.take(1000);
    expect(window.freeAt(2000)).toBeGreaterThan(2000);
    window.giveBack(1000);
    expect(window.freeAt(2000)).toBe(2000);
  });
});

describe('a calendar window', () => {
  test('counts from the full period, UTC', () => {
    const window = createAllowanceWindow(quota({ window: 'calendar', limit: 2, windowS: 86_400 }));
    const midnight = Date.UTC(2026, 10, 25);
    window.take(midnight - 2000);
    window.take(midnight - 1000);
    expect(window.freeAt(midnight - 500)).toBe(midnight);
    expect(window.freeAt(midnight)).toBe(midnight);
  });

  test('no period has more calls than the limit', () => {
    fc.assert(
      fc.property(someLimit, someGaps, (limit, gaps) => {
        const counts = new Map<number, number>();
        for (const time of letThrough(quota({ window: 'calendar', limit }), gaps)) {
          const period = Math.floor(time / 60_000);
          counts.set(period, (counts.get(period) ?? 0) + 1);
        }
        for (const count of counts.values()) expect(count).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
