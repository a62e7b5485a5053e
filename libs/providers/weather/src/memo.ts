/** Keeps what was looked up a short while ago. */
export interface Memo<T> {
  /** What is kept under the key, if it is young enough, else what `load` brings; what it throws is not kept. */
  remember(key: string, load: () => Promise<T>): Promise<T>;
}

/** Bounds of a memo. */
export interface MemoOptions {
  /** Most entries; the oldest leaves first. */
  readonly limit: number;
  readonly maxAgeMs: number;
  /** ms since the epoch. */
  readonly now: () => number;
}

/**
 * A bounded memory of one process for look-ups that many questions share, such as the grid cell of a point. Callers at
 * once each load for themselves, since a load ends with the signal of its own caller.
 */
export function createMemo<T>({ limit, maxAgeMs, now }: MemoOptions): Memo<T> {
  const kept = new Map<string, { readonly value: T; readonly since: number }>();
  return {
    async remember(key, load) {
      const found = kept.get(key);
      if (found && now() - found.since < maxAgeMs) return found.value;
      const value = await load();
      kept.delete(key);
      kept.set(key, { value, since: now() });
      const [oldest] = kept.keys();
      if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
      return value;
    },
  };
}
