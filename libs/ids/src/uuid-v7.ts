import { randomFillSync } from 'node:crypto';

/** Where an id takes its time and its chance from; handed in by tests. */
export interface IdSource {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Fills the bytes with randomness of the system's CSPRNG. */
  fill(bytes: Uint8Array): void;
}

const poolSize = 4096;

/**
 * Makes UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then randomness; ids of one millisecond are
 * ordered by a 12-bit counter in `rand_a` (section 6.2, method 1), seeded anew each millisecond.
 */
export function createUuidV7(
  source: IdSource = { now: Date.now, fill: (bytes) => void randomFillSync(bytes) },
): () => string {
  const pool = Buffer.alloc(poolSize);
  let used = poolSize;
  let lastMs = -1;
  let counter = 0;
  let prefixOf = -1;
  let prefix = '';
  const take = (count: number) => {
    if (used + count > poolSize) {
      source.fill(pool);
      used = 0;
    }
    used += count;
    return used - count;
  };
  return () => {
    const at = take(10);
    const now = source.now();
    if (now > lastMs) {
      lastMs = now;
      // The top bit stays free, so that at least 2,048 ids follow in the same millisecond before time is borrowed.
      counter = pool.readUInt16BE(at) & 0x7ff;
    } else if (++counter > 0xfff) {
      lastMs++;
      counter = 0;
    }
    if (prefixOf !== lastMs) {
      const time = lastMs.toString(16).padStart(12, '0');
      prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
      prefixOf = lastMs;
    }
    const a = counter.toString(16).padStart(3, '0');
    const b = ((pool.readUInt16BE(at + 2) & 0x3fff) | 0x8000).toString(16);
    const rest = pool.toString('hex', at + 4, at + 10);
    return `${prefix}${a}-${b}-${rest}`;
  };
}

/** A new UUIDv7 of this process. */
export const newId: () => string = createUuidV7();
