import { createBucketTable, type Bucket } from './bucket-table.ts';
import { decideShare, emptyAtUs, refundedTat, type LogOf } from './decide-charges.ts';
import { timesWithout, type LogTimes } from './log-times.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Parts and bounds of a memory rate limiter. */
export interface MemoryRateLimiterOptions {
  /** Time that never steps back, whole µs from any origin; `hrtimeUs` in the product. */
  readonly nowUs: () => number;
  /** Most buckets kept; 100,000 unless told. */
  readonly maxBuckets?: number;
  /** Gateways alive, this one included; each takes its share of every limit. 1 unless told. */
  readonly liveGateways?: () => number;
}

interface MemoryBucket extends Bucket {
  /** Of kind `log`: its units. */
  times?: LogTimes | undefined;
}

/** The limiter of one process. Atomic, since nothing waits between reading and writing. */
export function createMemoryRateLimiter(options: MemoryRateLimiterOptions): RateLimiter {
  const { nowUs, maxBuckets = 100_000, liveGateways = () => 1 } = options;
  const buckets = createBucketTable<MemoryBucket>(maxBuckets);
  return {
    async decide(charges) {
      const now = nowUs();
      const found = charges.map(({ policy, partition }) => buckets.find(policy, partition));
      const logOf: LogOf = (index) => found[index]?.times;
      const { decision, tatsUs, logs } = decideShare({
        charges,
        tatsUs: found.map((bucket) => bucket?.tatUs),
        nowUs: now,
        gateways: liveGateways(),
        logOf,
      });
      if (!tatsUs) return decision;
      // All that were found come first: adding one may sweep away another that is still empty.
      for (const [index, bucket] of found.entries()) {
        if (!bucket) continue;
        bucket.tatUs = tatsUs[index] ?? now;
        if (logs) bucket.times = logs.get(index);
      }
      for (const [index, { policy, partition }] of charges.entries()) {
        const tatUs = tatsUs[index] ?? now;
        if (found[index] || tatUs <= now) continue;
        buckets.add(policy, partition, logs ? { tatUs, times: logs.get(index) } : { tatUs }, now);
      }
      return decision;
    },
    async refund(charges, decision) {
      if (!decision.admitted) return;
      const now = nowUs();
      const gateways = liveGateways();
      for (const charge of charges) {
        const bucket = buckets.find(charge.policy, charge.partition);
        if (!bucket) continue;
        if (charge.kind === 'log') {
          bucket.times = timesWithout(bucket.times ?? [], decision.atUs, charge.cost * gateways);
          bucket.tatUs = emptyAtUs(charge, bucket.times);
        } else {
          bucket.tatUs = refundedTat(charge, bucket.tatUs, { fromUs: decision.atUs, nowUs: now, gateways });
        }
      }
    },
  };
}

/** The process's own clock, whole µs: does not follow the wall clock when that is set. */
export function hrtimeUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1_000);
}
