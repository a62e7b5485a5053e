import type { Clock } from '@universal-api/resilience';
import { LRUCache } from 'lru-cache';

/** Bounds and parts of an LRU map. */
export interface LruMapOptions {
  /** Most entries kept. */
  readonly max: number;
  /** Life of an entry from its `set`, ms; reading does not lengthen it. */
  readonly ttlMs: number;
  /** `performance` unless told. */
  readonly clock?: Clock;
}

/** A map in memory that forgets: what is too old, and what was used longest ago when it is full. */
export interface LruMap<K, V> {
  get(key: K): V | undefined;
  /** Keeps a value for `ttlMs`, or for the map's life if that is shorter or none is given. */
  set(key: K, value: V, ttlMs?: number): void;
  delete(key: K): void;
  clear(): void;
  /** Entries held, those too old included. */
  size(): number;
}

/** An LRU map; an entry is gone once its life is over to the millisecond. No timers. */
export function createLruMap<K extends string | number | object, V>(options: LruMapOptions): LruMap<K, V> {
  const { max, ttlMs: longestMs, clock = performance } = options;
  // The life is ours to check: lru-cache reads a start time of 0 as "no end", and lets an entry live through its last ms.
  const entries = new LRUCache<K, { readonly value: V; readonly until: number }>({ max });
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.until > clock.now()) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value, ttlMs = longestMs) {
      entries.set(key, { value, until: clock.now() + Math.min(ttlMs, longestMs) });
    },
    delete: (key) => void entries.delete(key),
    clear: () => entries.clear(),
    size: () => entries.size,
  };
}
