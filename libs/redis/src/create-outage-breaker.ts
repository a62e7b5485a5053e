import type { Redis } from './redis.ts';
import { isRedisFailure, RedisFailure } from './redis-failure.ts';

/** Parts and numbers of an outage breaker. */
export interface OutageBreakerOptions {
  /** Whose connection is reset when it opens. */
  readonly redis: Pick<Redis, 'reset'>;
  /** Resolves if the server does what the users of this breaker need. Nobody waits for it but the breaker. */
  readonly probe: () => Promise<void>;
  /** Failures that say at once that asking again is no use, such as `OOM` for one who must write; none unless told. */
  readonly isFinal?: (failure: RedisFailure) => boolean;
  /** Told of each change, with the failure that opened it. */
  readonly onState?: (isOpen: boolean, failure?: RedisFailure) => void;
  /** Failures in a row that open it; 3 unless told. */
  readonly failures?: number;
  /** From the opening to the probe, and from one probe to the next, ms; 5,000 unless told. */
  readonly pauseMs?: number;
}

/** Keeps calls away from a Redis that does not answer, so that nobody waits for it. */
export interface OutageBreaker {
  isOpen(): boolean;
  /** Does the work and counts its end. Open: rejects at once with `RedisFailure`. Other errors pass uncounted. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Ends its timer; it stays as it is. */
  stop(): void;
}

/**
 * A breaker as platform.md 2.5 says: three failures in a row open it for 5 s and reset the connection; then one probe
 * decides. No caller ever pays for a probe.
 */
export function createOutageBreaker(options: OutageBreakerOptions): OutageBreaker {
  const { redis, probe, isFinal = () => false, onState = () => {}, failures = 3, pauseMs = 5_000 } = options;
  let inARow = 0;
  let isOpen = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function pause(): void {
    if (isStopped) return;
    redis.reset();
    timer = setTimeout(() => void tryOnce(), pauseMs);
    timer.unref();
  }
  async function tryOnce(): Promise<void> {
    try {
      await probe();
    } catch {
      // Whatever it was, the server is not what it should be: the next probe tells again.
      pause();
      return;
    }
    inARow = 0;
    isOpen = false;
    onState(false);
  }
  function count(failure: RedisFailure): void {
    if (isOpen) return;
    inARow += 1;
    if (inARow < failures && !isFinal(failure)) return;
    isOpen = true;
    onState(true, failure);
    pause();
  }
  return {
    isOpen: () => isOpen,
    async run(work) {
      if (isOpen) throw new RedisFailure('unreachable', 'held back by an open breaker');
      try {
        const result = await work();
        if (!isOpen) inARow = 0;
        return result;
      } catch (error) {
        if (isRedisFailure(error)) count(error);
        throw error;
      }
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
