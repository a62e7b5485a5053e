import { createOutageBreaker, isRedisFailure, type Redis, type RedisFailure } from '@universal-api/redis';
import type { Clock } from '@universal-api/resilience';
import { hash } from 'node:crypto';
import type { Cache, CacheEntry } from './cache.ts';
import { decodeEntry, encodeEntry } from './encode-entry.ts';
import { createFillWatch } from './watch-fill.ts';

/** `writes_stopped`: the server is full, what is there is still read; `out_of_reach`: nothing is read or kept. */
export type RedisCacheState = 'ok' | 'writes_stopped' | 'out_of_reach';

/** Why an answer was not kept. */
export type NotKept = 'too_large' | 'not_data' | 'full' | 'out_of_reach';

/** Parts and bounds of a Redis cache. */
export interface RedisCacheOptions {
  /** A connection of its own: the breaker resets it, and large values would hold up the small ones of others. */
  readonly redis: Redis;
  /** `UAPI_PREFIX`. */
  readonly prefix: string;
  /** What is kept, with a number that changes with its shape, such as `answers-1`. */
  readonly name: string;
  /** ms since the epoch; `Date` in the product. */
  readonly clock: Clock;
  readonly onNotKept?: (reason: NotKept) => void;
  /** Told when Redis is no longer asked, with the failure, and when it is again. */
  readonly onOutage?: (isOut: boolean, failure?: RedisFailure) => void;
  /** From the breaker's opening to its probe, ms; 5,000 unless told. */
  readonly pauseMs?: number;
}

/** A cache that all processes share. */
export interface RedisCache<V> extends Cache<V> {
  /** For health, and for `degraded: cache` in answers: anything but `ok`. */
  state(): RedisCacheState;
  /** Ends its timer; the connection is the caller's. */
  close(): void;
}

const largestBytes = 64 * 1024;
const longestLifeMs = 30 * 24 * 3_600_000;
/** The server's clock is not ours: it keeps an entry a little longer, and `get` goes by `freshUntil`. */
const graceMs = 1_000;

/**
 * The cache in Redis. Every entry has an end (30 days for one without) and at most 64 KiB; writes stop at 70 % of `maxmemory`.
 * A server that is down, frozen or full is a miss within the time of one command, and at once while the breaker is open. An
 * entry that could not be replaced meanwhile may come back with the server, for the rest of its own life.
 * Keys are hashed: what a caller asked for is not legible in the store.
 */
export function createRedisCache<V>(options: RedisCacheOptions): RedisCache<V> {
  const { redis, prefix, name, clock, onNotKept = () => {} } = options;
  const fill = createFillWatch({ redis, clock: performance });
  const breaker = createOutageBreaker({
    redis,
    probe: () => redis.ping(),
    onState: options.onOutage,
    pauseMs: options.pauseMs,
  });
  // UTF-16, so that texts which have no UTF-8 form are told apart as well.
  const keyOf = (key: string) =>
    `{${prefix}}:cache:${name}:${hash('sha256', Buffer.from(key, 'utf16le'), 'base64url')}`;

  /** Does the work; an outage ends it without a result. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | RedisFailure> {
    try {
      return await breaker.run(work);
    } catch (error) {
      if (isRedisFailure(error)) return error;
      throw error;
    }
  }
  /** Why there is nothing to store, or the bytes. */
  async function prepare(entry: CacheEntry<V>): Promise<Buffer | NotKept | undefined> {
    if (entry.freshUntil <= clock.now()) return undefined;
    const bytes = encodeEntry(entry);
    if (!bytes) return 'not_data';
    if (bytes.length > largestBytes) return 'too_large';
    return (await fill.hasRoom()) ? bytes : 'full';
  }
  async function store(key: string, bytes: Buffer, freshUntil: number): Promise<void> {
    const lifeMs = Math.ceil(Math.min(freshUntil - clock.now(), longestLifeMs)) + graceMs;
    try {
      await redis.set(key, bytes, lifeMs);
    } catch (error) {
      if (!isRedisFailure(error) || error.reply !== 'OOM') throw error;
      fill.noteFull();
      onNotKept('full');
      await redis.delete(key);
    }
  }

  return {
    async get(key) {
      if (breaker.isOpen()) return undefined;
      const found = await attempt(() => redis.get(keyOf(key)));
      if (!found || isRedisFailure(found)) return undefined;
      const entry = decodeEntry(found);
      return entry && entry.freshUntil > clock.now() ? (entry as CacheEntry<V>) : undefined;
    },
    async set(key, entry) {
      if (breaker.isOpen()) return onNotKept('out_of_reach');
      const bytes = await prepare(entry);
      const stored = keyOf(key);
      const isKept = Buffer.isBuffer(bytes);
      if (bytes !== undefined && !isKept) onNotKept(bytes);
      const end = await attempt(() => (isKept ? store(stored, bytes, entry.freshUntil) : redis.delete(stored)));
      if (isRedisFailure(end) && isKept) onNotKept('out_of_reach');
    },
    state() {
      if (breaker.isOpen()) return 'out_of_reach';
      return fill.isFull() ? 'writes_stopped' : 'ok';
    },
    close: () => breaker.stop(),
  };
}
