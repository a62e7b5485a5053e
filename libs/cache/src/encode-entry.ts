import { deserialize, serialize } from 'node:v8';
import type { CacheEntry } from './cache.ts';

/**
 * An entry as bytes: all that plain data may hold, dates and big integers too, comes back as the memory adapter would give it.
 * `undefined` for what cannot be copied, such as a function. Source: Node.js, `v8.serialize`, the structured clone algorithm.
 */
export function encodeEntry(entry: CacheEntry<unknown>): Buffer | undefined {
  try {
    return serialize([entry.freshUntil, entry.value]);
  } catch {
    // Not data: the caller keeps what it has, and the cache does not.
    return undefined;
  }
}

/** Bytes as an entry; `undefined` for what `encodeEntry` of this or an older Node.js did not write. */
export function decodeEntry(bytes: Buffer): CacheEntry<unknown> | undefined {
  try {
    const parts: unknown = deserialize(bytes);
    if (!Array.isArray(parts) || parts.length !== 2 || typeof parts[0] !== 'number') return undefined;
    return { value: parts[1], freshUntil: parts[0] };
  } catch {
    // Another version wrote it, or nobody of ours: it will be made anew.
    return undefined;
  }
}
