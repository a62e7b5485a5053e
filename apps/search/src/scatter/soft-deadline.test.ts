import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLatencyBook } from './latency-book.ts';
import { searchDeadlines } from './soft-deadline.ts';

describe('deadlines', () => {
  test.each([
    [[60, 60, 60, 60], 1_200, 210],
    [[1, 1], 1_200, 200],
    [[undefined], 1_200, 800],
    [[100, 100, 100, 5_000], 1_200, 350],
    [[400], 600, 450],
    [[], 1_200, 200],
  ])('of p90s %j and %i ms to go: soft %i', (p90s, deadlineMs, softMs) => {
    expect(searchDeadlines(p90s, deadlineMs)).toEqual({ softMs, hardMs: deadlineMs - 30 });
  });

  test('soft stays within its bounds and three quarters of the deadline', () => {
    const p90 = fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(p90, { maxLength: 12 }), fc.integer({ min: 200, max: 5_000 }), (p90s, deadlineMs) => {
        const { softMs, hardMs } = searchDeadlines(p90s, deadlineMs);
        expect(softMs).toBeLessThanOrEqual(Math.min(800, 0.75 * deadlineMs + 1));
        expect(softMs).toBeGreaterThanOrEqual(Math.min(200, Math.floor(0.75 * deadlineMs)));
        expect(softMs).toBeLessThan(hardMs);
      }),
    );
  });
});

describe('how long answers take', () => {
  const clock = { time: 0, now: () => clock.time };

  test('is not known before the first, and stalls do not speak', () => {
    const book = createLatencyBook(clock);
    expect(book.p90('one', 'a.b')).toBeUndefined();
    for (let index = 0; index < 95; index += 1) book.record('one', 'a.b', 50 + (index % 10));
    for (let index = 0; index < 5; index += 1) book.record('one', 'a.b', 1_000);
    expect(book.p90('one', 'a.b')).toBeLessThanOrEqual(60);
    expect(book.p90('one', 'other')).toBeUndefined();
  });

  test('is forgotten after ten minutes', () => {
    const book = createLatencyBook(clock);
    book.record('one', 'a.b', 50);
    clock.time += 10 * 60_000 + 1;
    expect(book.p90('one', 'a.b')).toBeUndefined();
  });

  test('is told by the last 200', () => {
    const book = createLatencyBook(clock);
    for (let index = 0; index < 200; index += 1) book.record('one', 'a.b', 500);
    for (let index = 0; index < 200; index += 1) book.record('one', 'a.b', 20);
    expect(book.p90('one', 'a.b')).toBe(20);
  });
});
