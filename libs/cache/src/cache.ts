/** A stored value and the end of its life. */
export interface CacheEntry<V> {
  /** Plain data; nobody changes it once it is stored, since the memory adapter hands out the very object. */
  readonly value: V;
  /** ms since the epoch; `Infinity` = no end. */
  readonly freshUntil: number;
}

/**
 * Answers kept under a key, until they are no longer fresh or their place is needed. The law, proved by the exported suite:
 *
 * - `get` answers what the last `set` of that key stored, or nothing. Never an entry whose `freshUntil` has come.
 * - `set` replaces. An entry that is not fresh, or larger than the cache, is not kept, and neither is what it replaces.
 * - An entry may be gone at any time: a cache is bounded, and the least recently used goes first.
 * - Neither method rejects. An adapter whose store is out of reach answers nothing, keeps nothing, and counts it itself.
 * - Keys are opaque and hold no secrets; tenant data is never under a key that two tenants share.
 */
export interface Cache<V> {
  get(key: string): Promise<CacheEntry<V> | undefined>;
  set(key: string, entry: CacheEntry<V>): Promise<void>;
}
