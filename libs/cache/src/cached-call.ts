import { createSingleFlight, type Clock } from '@universal-api/resilience';
import type { Cache } from './cache.ts';

/** A value made anew, and how long it may be given again. */
export interface MadeValue<V> {
  readonly value: V;
  /** ms, as `freshForMs` says; 0 = not to be stored. */
  readonly freshForMs: number;
}

/** One wish for a value. */
export interface CachedCallRequest<V> {
  /** Operation + normalised request + language + candidates left by the caller's wishes (capabilities.md 0.4). */
  readonly key: string;
  /** Makes the value. The signal is aborted when everybody who waits for it has left. */
  readonly make: (signal: AbortSignal) => Promise<MadeValue<V>>;
  /** Ends the wait of this caller alone. */
  readonly signal?: AbortSignal;
}

/** An answer, and whether it came from the cache. */
export interface CachedAnswer<V> {
  readonly value: V;
  /** `false` for all who shared one call. */
  readonly isCached: boolean;
  /** ms since the epoch; a time that has come = not stored. */
  readonly freshUntil: number;
}

/** Answers from the cache, or by one call for all who ask at the same time. */
export type CachedCall<V> = (request: CachedCallRequest<V>) => Promise<CachedAnswer<V>>;

/**
 * Joins a cache with a single flight. Errors are what `make` throws, given to all who shared the call and never stored; a
 * caller whose signal is aborted gets its reason. `clock` tells ms since the epoch.
 */
export function createCachedCall<V>({ cache, clock }: { cache: Cache<V>; clock: Clock }): CachedCall<V> {
  const flights = createSingleFlight<CachedAnswer<V>>();

  async function look(key: string): Promise<CachedAnswer<V> | undefined> {
    const entry = await cache.get(key);
    return entry && { value: entry.value, isCached: true, freshUntil: entry.freshUntil };
  }
  return async ({ key, make, signal }) => {
    signal?.throwIfAborted();
    const found = await look(key);
    if (found) return found;
    const fly = async (shared: AbortSignal) => {
      // Another flight may have landed between the first look and this one.
      const landed = await look(key);
      if (landed) return landed;
      const { value, freshForMs } = await make(shared);
      const freshUntil = clock.now() + freshForMs;
      if (freshForMs > 0) await cache.set(key, { value, freshUntil });
      return { value, isCached: false, freshUntil };
    };
    return flights.run(key, fly, signal);
  };
}
