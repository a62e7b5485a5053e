import { describe, expect, test } from '@jest/globals';
import { cacheContract } from './cache.contract.ts';
import { createMemoryCache } from './cache.memory.ts';

function setUp(bounds: { maxEntries?: number; maxBytes?: number } = {}) {
  const time = { ms: 1_700_000_000_000 };
  const now = () => time.ms;
  return {
    cache: createMemoryCache<unknown>({ clock: { now }, ...bounds }),
    now,
    advance: (ms: number) => void (time.ms += ms),
  };
}

cacheContract('the memory cache', setUp);

describe('bounds', () => {
  test('no more entries than told are kept, the least recently used goes first', async () => {
    const { cache, now } = setUp({ maxEntries: 3 });
    const freshUntil = now() + 10_000;
    for (const key of ['a', 'b', 'c']) await cache.set(key, { value: key, freshUntil });
    await cache.get('a');
    await cache.set('d', { value: 'd', freshUntil });
    const kept = await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => (await cache.get(key))?.value));
    expect(kept).toEqual(['a', undefined, 'c', 'd']);
  });

  test('no more bytes than told are kept', async () => {
    const { cache, now } = setUp({ maxBytes: 64 * 1024 });
    const value = 'x'.repeat(4 * 1024);
    for (let index = 0; index < 100; index += 1) await cache.set(`k${index}`, { value, freshUntil: now() + 10_000 });
    let kept = 0;
    for (let index = 0; index < 100; index += 1) if (await cache.get(`k${index}`)) kept += 1;
    expect(kept).toBe(7);
  });

  test('an entry larger than the whole cache is not kept, pushes nobody out, and leaves no old value behind', async () => {
    const { cache, now } = setUp({ maxBytes: 1_024 });
    const freshUntil = now() + 10_000;
    await cache.set('other', { value: 1, freshUntil });
    await cache.set('a', { value: 'old', freshUntil });
    await cache.set('a', { value: 'x'.repeat(2_000), freshUntil });
    expect([await cache.get('a'), (await cache.get('other'))?.value]).toEqual([undefined, 1]);
  });
});
