import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRetryAfter } from './read-retry-after.ts';

const now = Date.UTC(2026, 10, 24, 12);

test('seconds and dates give milliseconds', () => {
  expect(readRetryAfter('120', now)).toBe(120_000);
  expect(readRetryAfter(' 7 ', now)).toBe(7000);
  expect(readRetryAfter('Tue, 24 Nov 2026 12:05:00 GMT', now)).toBe(300_000);
  expect(readRetryAfter(['5', '9'], now)).toBe(5000);
});

test('a wait is at least a second and at most a day', () => {
  expect(readRetryAfter('0', now)).toBe(1000);
  expect(readRetryAfter('Tue, 24 Nov 2020 12:05:00 GMT', now)).toBe(1000);
  expect(readRetryAfter('99999999999999999999', now)).toBe(86_400_000);
});

test('nonsense says nothing', () => {
  for (const value of [undefined, '', 'soon', '-5 apples', []]) expect(readRetryAfter(value, now)).toBeUndefined();
});

test('whatever comes, the wait is bounded or undefined', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (value) => {
      const waitMs = readRetryAfter(value, now);
      if (waitMs === undefined) return;
      expect(waitMs).toBeGreaterThanOrEqual(1000);
      expect(waitMs).toBeLessThanOrEqual(86_400_000);
    }),
  );
});
