const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long an answer of each cache class stays fresh, ms (capabilities.md 0.4). */
export const cacheClasses = {
  none: 0,
  live: 10 * second,
  tick: 30 * second,
  quote: 60 * second,
  news: 5 * minute,
  now: 10 * minute,
  hour,
  day,
  week: 7 * day,
  month: 30 * day,
  pure: Number.POSITIVE_INFINITY,
} as const satisfies Record<string, number>;

/** Name of a cache class, as in the method option `cache_class`. */
export type CacheClass = keyof typeof cacheClasses;

/** Whether a word names a cache class. */
export function isCacheClass(word: string): word is CacheClass {
  return Object.hasOwn(cacheClasses, word);
}

/** What decides how long an answer stays fresh. */
export interface Freshness {
  readonly cacheClass: CacheClass;
  /** An empty list, or not found. */
  readonly isEmpty?: boolean;
  /** Less than was asked. */
  readonly isDegraded?: boolean;
  /** Longest the manifest allows, seconds; 0 = it may not be stored. */
  readonly maxStoreS?: number;
  /** `Expires` of a provider whose terms ask to honour it, ms since the epoch. */
  readonly expiresAt?: number;
  /** ms since the epoch. */
  readonly now: number;
}

const emptyForMs = 60 * second;
const degradedForMs = 30 * second;
const longestStretch = 10;

/**
 * How long an answer stays fresh: ms, 0 = not to be stored, `Infinity` = no end (capabilities.md 0.4). Pure.
 *
 * An upstream's `Expires` takes the place of the class in both directions, since such providers ask neither to be served
 * longer nor to be called again sooner; it stretches a class to ten times its life at most, and never class `none`.
 * Emptiness (60 s), degradation (30 s) and the manifest only shorten.
 */
export function freshForMs(freshness: Freshness): number {
  const ofClass: number = cacheClasses[freshness.cacheClass];
  const caps = [ofClass];
  if (freshness.expiresAt !== undefined) {
    caps[0] = Math.min(freshness.expiresAt - freshness.now, ofClass * longestStretch);
  }
  if (freshness.isEmpty) caps.push(emptyForMs);
  if (freshness.isDegraded) caps.push(degradedForMs);
  if (freshness.maxStoreS !== undefined) caps.push(freshness.maxStoreS * second);
  return Math.max(0, Math.min(...caps));
}
