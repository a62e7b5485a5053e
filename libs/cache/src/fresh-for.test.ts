import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cacheClasses, freshForMs, isCacheClass, type CacheClass } from './fresh-for.ts';

const now = 1_700_000_000_000;
const names = Object.keys(cacheClasses).filter(isCacheClass);

describe('life of an answer', () => {
  test.each<[CacheClass, number]>([
    ['none', 0],
    ['live', 10_000],
    ['tick', 30_000],
    ['quote', 60_000],
    ['news', 300_000],
    ['now', 600_000],
    ['hour', 3_600_000],
    ['day', 86_400_000],
    ['week', 604_800_000],
    ['month', 2_592_000_000],
    ['pure', Number.POSITIVE_INFINITY],
  ])('class %s is fresh for %d ms', (cacheClass, ms) => {
    expect(freshForMs({ cacheClass, now })).toBe(ms);
  });

  test('nothing found is fresh for a minute, or as long as the class if that is shorter', () => {
    const empty = (cacheClass: CacheClass) => freshForMs({ cacheClass, isEmpty: true, now });
    expect([empty('day'), empty('pure'), empty('live'), empty('none')]).toEqual([60_000, 60_000, 10_000, 0]);
  });

  test('a degraded answer is fresh for half a minute at most', () => {
    const degraded = (cacheClass: CacheClass) => freshForMs({ cacheClass, isDegraded: true, now });
    expect([degraded('day'), degraded('live')]).toEqual([30_000, 10_000]);
  });

  test('the manifest caps the life, and forbids storing with 0', () => {
    expect(freshForMs({ cacheClass: 'day', maxStoreS: 120, now })).toBe(120_000);
    expect(freshForMs({ cacheClass: 'live', maxStoreS: 120, now })).toBe(10_000);
    expect(freshForMs({ cacheClass: 'pure', maxStoreS: 0, now })).toBe(0);
  });

  test('Expires takes the place of the class: sooner, later, past, and never more than tenfold', () => {
    const expires = (inMs: number, cacheClass: CacheClass = 'now') =>
      freshForMs({ cacheClass, expiresAt: now + inMs, now });
    expect([expires(90_000), expires(1_800_000), expires(-1), expires(365 * 86_400_000)]).toEqual([
      90_000, 1_800_000, 0, 6_000_000,
    ]);
    expect(expires(90_000, 'none')).toBe(0);
  });
});

test('emptiness, degradation and the manifest only ever shorten, and no life is negative', () => {
  const anyFreshness = fc.record({
    cacheClass: fc.constantFrom(...names),
    isEmpty: fc.boolean(),
    isDegraded: fc.boolean(),
    maxStoreS: fc.option(fc.nat(1e7), { nil: undefined }),
    expiresAt: fc.option(fc.integer({ min: now - 1e9, max: now + 1e9 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(anyFreshness, ({ cacheClass, expiresAt, ...shortening }) => {
      const plain = freshForMs({ cacheClass, expiresAt, now });
      const ms = freshForMs({ cacheClass, expiresAt, ...shortening, now });
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(plain);
      if (shortening.isEmpty) expect(ms).toBeLessThanOrEqual(60_000);
      if (shortening.isDegraded) expect(ms).toBeLessThanOrEqual(30_000);
      if (shortening.maxStoreS !== undefined) expect(ms).toBeLessThanOrEqual(shortening.maxStoreS * 1_000);
    }),
  );
});
