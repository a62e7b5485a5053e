import { describe, expect, jest, test } from '@jest/globals';
import type { Cache } from './cache.ts';
import { createMemoryCache } from './cache.memory.ts';
import { createCachedCall, type MadeValue } from './cached-call.ts';

function setUp(cacheOf: (cache: Cache<string>) => Cache<string> = (cache) => cache) {
  const time = { ms: 1_700_000_000_000 };
  const clock = { now: () => time.ms };
  const cached = createCachedCall<string>({ cache: cacheOf(createMemoryCache({ clock })), clock });
  let settle: { resolve(made: MadeValue<string>): void; reject(error: unknown): void } | undefined;
  const make = jest.fn<(signal: AbortSignal) => Promise<MadeValue<string>>>(
    () => new Promise((resolve, reject) => (settle = { resolve, reject })),
  );
  const called = async () => {
    while (!settle) await Promise.resolve();
    return settle;
  };
  return { time, cached, make, called };
}
const quick = (value: string, freshForMs: number) =>
  jest.fn<() => Promise<MadeValue<string>>>(async () => ({ value, freshForMs }));

describe('one caller', () => {
  test('the second answer within its life comes from the cache, the next one is made anew', async () => {
    const { cached, time } = setUp();
    const make = quick('value', 10_000);
    const freshUntil = time.ms + 10_000;
    expect(await cached({ key: 'a', make })).toEqual({ value: 'value', isCached: false, freshUntil });
    time.ms += 9_999;
    expect(await cached({ key: 'a', make })).toEqual({ value: 'value', isCached: true, freshUntil });
    time.ms += 1;
    expect(await cached({ key: 'a', make })).toMatchObject({ isCached: false, freshUntil: time.ms + 10_000 });
    expect(make).toHaveBeenCalledTimes(2);
  });

  test('what may not be stored is made each time, and so is what failed', async () => {
    let stored = 0;
    const { cached } = setUp((cache) => ({
      ...cache,
      async set(key, entry) {
        stored += 1;
        await cache.set(key, entry);
      },
    }));
    const make = quick('value', 0);
    await cached({ key: 'a', make });
    await cached({ key: 'a', make });
    expect(make).toHaveBeenCalledTimes(2);
    const failing = jest.fn<() => Promise<MadeValue<string>>>(async () => {
      throw new Error('down');
    });
    await expect(cached({ key: 'b', make: failing })).rejects.toThrow('down');
    await expect(cached({ key: 'b', make: failing })).rejects.toThrow('down');
    expect([failing.mock.calls.length, stored]).toEqual([2, 0]);
  });
});

describe('several callers', () => {
  test('concurrent misses of one key make one call, those of another key their own', async () => {
    const { cached, make, called } = setUp();
    const same = Array.from({ length: 50 }, () => cached({ key: 'a', make }));
    const other = cached({ key: 'b', make: quick('other', 10_000) });
    (await called()).resolve({ value: 'value', freshForMs: 10_000 });
    for (const answer of await Promise.all(same)) expect(answer).toMatchObject({ value: 'value', isCached: false });
    expect([make.mock.calls.length, (await other).value]).toEqual([1, 'other']);
  });

  test('a caller whose miss was slower than the whole call of another makes no second call', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let looks = 0;
    const { cached } = setUp((cache) => ({
      ...cache,
      async get(key) {
        looks += 1;
        const isSlow = looks === 1;
        const entry = await cache.get(key);
        if (isSlow) await held;
        return entry;
      },
    }));
    const make = quick('value', 10_000);
    const slow = cached({ key: 'a', make });
    await cached({ key: 'a', make });
    release();
    expect([(await slow).isCached, make.mock.calls.length]).toEqual([true, 1]);
  });

  test('a caller who leaves gets his reason, the others their answer, and it is stored', async () => {
    const { cached, make, called } = setUp();
    const leaver = new AbortController();
    const left = cached({ key: 'a', make, signal: leaver.signal });
    const stayed = cached({ key: 'a', make });
    const { resolve } = await called();
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    resolve({ value: 'value', freshForMs: 10_000 });
    expect((await stayed).value).toBe('value');
    expect(await cached({ key: 'a', make })).toMatchObject({ isCached: true });
    expect(make).toHaveBeenCalledTimes(1);
  });

  test('when all left, the call is told to stop', async () => {
    const { cached, make, called } = setUp();
    const leaver = new AbortController();
    const left = cached({ key: 'a', make, signal: leaver.signal });
    await called();
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(make.mock.calls[0]?.[0].aborted).toBe(true);
  });
});
