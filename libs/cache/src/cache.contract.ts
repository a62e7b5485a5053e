import { describe, expect, test } from '@jest/globals';
import type { Cache } from './cache.ts';

/** A cache to be proved, with room for at least 100 small entries, and a clock that the suite moves. */
export interface CacheUnderTest {
  readonly cache: Cache<unknown>;
  /** ms since the epoch, as the cache sees it. */
  now(): number;
  advance(ms: number): Promise<void> | void;
}

/** The suite that every adapter of `Cache` passes; `create` gives an empty cache each time. */
export function cacheContract(name: string, create: () => Promise<CacheUnderTest> | CacheUnderTest): void {
  describe(`${name} keeps the law of Cache`, () => {
    test('what was set comes back equal, with its end', async () => {
      const { cache, now } = await create();
      const value = { text: 'Lyon', list: [1, 2.5, null, true], nested: { empty: {}, none: [] } };
      const entry = { value, freshUntil: now() + 10_000 };
      await cache.set('a', entry);
      expect(await cache.get('a')).toEqual(entry);
    });

    test('a key never set, or one that only resembles another, has nothing', async () => {
      const { cache, now } = await create();
      await cache.set('weather:lyon', { value: 1, freshUntil: now() + 10_000 });
      for (const key of ['weather:lyo', 'weather:lyon ', 'WEATHER:lyon', '']) {
        expect(await cache.get(key)).toBeUndefined();
      }
    });

    test('keys of any text are told apart', async () => {
      const { cache, now } = await create();
      const keys = ['', ' ', 'é', 'e\u0301', '{a}:b', 'a\nb', '*', '__proto__', 'constructor', 'k'.repeat(1_000)];
      for (const key of keys) await cache.set(key, { value: `of ${key}`, freshUntil: now() + 10_000 });
      for (const key of keys) expect((await cache.get(key))?.value).toBe(`of ${key}`);
    });

    test('an entry is there up to its last millisecond and not after', async () => {
      const { cache, now, advance } = await create();
      await cache.set('a', { value: 1, freshUntil: now() + 1_000 });
      await advance(999);
      expect((await cache.get('a'))?.value).toBe(1);
      await advance(1);
      expect(await cache.get('a')).toBeUndefined();
    });

    test('an entry without end stays', async () => {
      const { cache, advance } = await create();
      await cache.set('a', { value: 1, freshUntil: Number.POSITIVE_INFINITY });
      await advance(400 * 24 * 3_600_000);
      expect(await cache.get('a')).toEqual({ value: 1, freshUntil: Number.POSITIVE_INFINITY });
    });

    test('the last set wins, in value and in end', async () => {
      const { cache, now, advance } = await create();
      await cache.set('a', { value: 'old', freshUntil: now() + 60_000 });
      await cache.set('a', { value: 'new', freshUntil: now() + 1_000 });
      expect((await cache.get('a'))?.value).toBe('new');
      await advance(1_000);
      expect(await cache.get('a')).toBeUndefined();
    });

    test('an entry whose time has come is not kept, and neither is what it replaces', async () => {
      const { cache, now } = await create();
      await cache.set('a', { value: 'old', freshUntil: now() + 60_000 });
      await cache.set('a', { value: 'late', freshUntil: now() });
      expect(await cache.get('a')).toBeUndefined();
    });

    test('values that are empty or false are values', async () => {
      const { cache, now } = await create();
      for (const value of [null, false, 0, '', [], {}]) {
        await cache.set('a', { value, freshUntil: now() + 10_000 });
        expect(await cache.get('a')).toEqual({ value, freshUntil: now() + 10_000 });
      }
    });
  });
}
