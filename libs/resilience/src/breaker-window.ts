const bucketMs = 1_000;
const buckets = 10;
const openAfterInARow = 5;
const openFromCalls = 20;
const openFromShare = 0.5;

/** Counts the outcomes of a closed breaker and says when they are too many. */
export interface BreakerWindow {
  countSuccess(now: number): void;
  /** Counts a failure; true = open now. */
  countFailure(now: number): boolean;
  forget(): void;
}

/**
 * The rule by which a breaker opens (platform.md 6.3): 5 failures in a row, or half of at least 20 calls in 10 s.
 * The 10 s are ten buckets of one second, so that a call costs the same at any rate; they cover 9 to 10 s.
 */
export function createBreakerWindow(): BreakerWindow {
  const calls = new Uint32Array(buckets);
  const failures = new Uint32Array(buckets);
  let second = 0;
  let inARow = 0;

  function moveTo(now: number): number {
    const present = Math.floor(now / bucketMs);
    const passed = present - second;
    if (passed >= buckets || passed < 0) {
      calls.fill(0);
      failures.fill(0);
      second = present;
    }
    while (second < present) {
      second += 1;
      calls[second % buckets] = 0;
      failures[second % buckets] = 0;
    }
    return present % buckets;
  }

  return {
    countSuccess(now) {
      const bucket = moveTo(now);
      calls[bucket] = (calls[bucket] ?? 0) + 1;
      inARow = 0;
    },
    countFailure(now) {
      const bucket = moveTo(now);
      calls[bucket] = (calls[bucket] ?? 0) + 1;
      failures[bucket] = (failures[bucket] ?? 0) + 1;
      inARow += 1;
      if (inARow >= openAfterInARow) return true;
      const total = sum(calls);
      return total >= openFromCalls && sum(failures) >= total * openFromShare;
    },
    forget() {
      calls.fill(0);
      failures.fill(0);
      inARow = 0;
    },
  };
}

function sum(counts: Uint32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
