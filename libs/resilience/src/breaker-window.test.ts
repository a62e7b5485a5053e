import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBreakerWindow } from './breaker-window.ts';

describe('when a breaker opens', () => {
  test('five failures in a row are too many, a success between them starts the row anew', () => {
    const window = createBreakerWindow();
    const four = [1, 2, 3, 4].map(() => window.countFailure(0));
    window.countSuccess(0);
    const next = [1, 2, 3, 4, 5].map(() => window.countFailure(0));
    expect([four, next]).toEqual([
      [false, false, false, false],
      [false, false, false, false, true],
    ]);
  });

  test('half of twenty calls is too many, half of nineteen or less than half is not', () => {
    const alternate = (calls: number, failFrom: number) => {
      const window = createBreakerWindow();
      let opened = false;
      for (let call = 1; call <= calls; call += 1) {
        if (call % 2 === 0 && call >= failFrom) opened = window.countFailure(0) || opened;
        else window.countSuccess(0);
      }
      return opened;
    };
    expect([alternate(20, 1), alternate(18, 1), alternate(40, 3)]).toEqual([true, false, false]);
  });

  test('outcomes older than ten seconds no longer count', () => {
    const window = createBreakerWindow();
    for (let call = 0; call < 9; call += 1) {
      window.countFailure(500);
      window.countSuccess(500);
    }
    window.countSuccess(10_500);
    expect(window.countFailure(10_500)).toBe(false);
    for (let call = 0; call < 8; call += 1) {
      window.countSuccess(10_600);
      expect(window.countFailure(10_600)).toBe(false);
    }
    window.countSuccess(19_900);
    expect(window.countFailure(19_900)).toBe(true);
  });

  test('it opens exactly when a plain list of the last ten whole seconds says so', () => {
    const calls = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 1_500 }), ok: fc.boolean() }), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(calls, (steps) => {
        const window = createBreakerWindow();
        const seen: { second: number; ok: boolean }[] = [];
        let now = 0;
        for (const { afterMs, ok } of steps) {
          now += afterMs;
          seen.push({ second: Math.floor(now / 1_000), ok });
          if (ok) {
            window.countSuccess(now);
            continue;
          }
          const recent = seen.filter((call) => call.second > Math.floor(now / 1_000) - 10);
          const failures = recent.filter((call) => !call.ok).length;
          const row = seen.slice(-5);
          const expected =
            (row.length === 5 && row.every((call) => !call.ok)) ||
            (recent.length >= 20 && failures * 2 >= recent.length);
          expect(window.countFailure(now)).toBe(expected);
        }
      }),
    );
  });
});
