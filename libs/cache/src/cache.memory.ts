import type { Clock } from '@universal-api/resilience';
import { LRUCache } from 'lru-cache';
import type { Cache, CacheEntry } from './cache.ts';
import { estimateBytes } from './estimate-bytes.ts';

/** Bounds and parts of a memory cache. */
export interface MemoryCacheOptions<V> {
  /** ms since the epoch; `Date` in the product. */
  readonly clock: Clock;
  /** Most entries kept; 10,000 unless told. */
  readonly maxEntries?: number;
  /** Most bytes kept, keys included; 32 MiB unless told. */
  readonly maxBytes?: number;
  /** Bytes of a value; an estimate for plain data unless told. */
  readonly sizeOf?: (value: V) => number;
}

/** The cache of one process: bounded in entries and bytes, least recently used out first, no timers. */
export function createMemoryCache<V>(options: MemoryCacheOptions<V>): Cache<V> {
  const { clock, maxEntries = 10_000, maxBytes = 32 * 1024 * 1024, sizeOf = estimateBytes } = options;
  const entries = new LRUCache<string, CacheEntry<V>>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: (entry, key) => Math.max(1, Math.ceil(sizeOf(entry.value) + estimateBytes(key))),
  });
  return {
    async get(key) {
      const entry = entries.get(key);
      if (!entry || entry.freshUntil > clock.now()) return entry;
      entries.delete(key);
      return undefined;
    },
    async set(key, entry) {
      if (entry.freshUntil > clock.now()) entries.set(key, entry);
      else entries.delete(key);
    },
  };
}
