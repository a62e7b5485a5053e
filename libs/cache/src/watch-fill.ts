import { readMemory, type Redis } from '@universal-api/redis';
import type { Clock } from '@universal-api/resilience';

/** Tells whether a Redis has room for cache entries. */
export interface FillWatch {
  /** By the last look, at most a second old while anybody asks; waits for the first one only. Never rejects. */
  hasRoom(): Promise<boolean>;
  /** What `hasRoom` said or would say now, without waiting. */
  isFull(): boolean;
  /** The server refused a write: full until the next look. */
  noteFull(): void;
}

const lookEveryMs = 1_000;
const fullShare = 0.7;

/**
 * Watches how full the server is, by asking at most once a second and only while somebody writes. Cache entries share it with
 * jobs and counters, which need what is left (webhooks.md 6.2). `clock` is one that never steps back, ms.
 */
export function createFillWatch({ redis, clock }: { redis: Pick<Redis, 'info'>; clock: Clock }): FillWatch {
  let isFull = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let first: Promise<void> | undefined;

  async function look(): Promise<void> {
    lookedAt = clock.now();
    try {
      const { usedBytes, maxBytes } = await readMemory(redis);
      isFull = maxBytes > 0 && usedBytes >= fullShare * maxBytes;
    } catch {
      // Out of reach: the write that follows will find out by itself; the last word stands.
    }
  }
  const lookIfDue = (): Promise<void> | undefined => (clock.now() - lookedAt < lookEveryMs ? undefined : look());
  return {
    async hasRoom() {
      const looking = lookIfDue();
      first ??= looking;
      await first;
      return !isFull;
    },
    isFull() {
      if (isFull) void lookIfDue();
      return isFull;
    },
    noteFull() {
      isFull = true;
      lookedAt = clock.now();
    },
  };
}
