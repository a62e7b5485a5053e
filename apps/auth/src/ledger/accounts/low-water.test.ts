import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shareToTell } from './low-water.ts';

describe('the share to tell of', () => {
  test.each([
    [79n, undefined],
    [80n, 20],
    [94n, 20],
    [95n, 5],
    [99n, 5],
    [100n, 0],
    [130n, 0],
  ])('of 100 is, at %d spent, %s', (spent, share) => {
    expect(shareToTell({ limit: 100n, spent, toldPct: null })).toBe(share);
  });

  test('is told once, and only a lower one afterwards', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 50n }), fc.array(fc.bigInt({ min: 0n, max: 10n })), (limit, steps) => {
        let [spent, toldPct]: [bigint, number | null] = [0n, null];
        const told: number[] = [];
        for (const step of steps) {
          spent += step;
          const share = shareToTell({ limit, spent, toldPct });
          if (share === undefined) continue;
          told.push(share);
          toldPct = share;
        }
        expect(told).toEqual([...new Set(told)].sort((one, other) => other - one));
        if (spent >= limit && steps.length > 0) expect(told.at(-1)).toBe(0);
      }),
    );
  });

  test('is none without a limit', () => {
    expect(shareToTell({ limit: null, spent: 10n ** 18n, toldPct: null })).toBeUndefined();
  });
});
