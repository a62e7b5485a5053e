import type { Charge, Decision, PolicyState } from './rate-limiter.ts';

/** What a decision must be, but for the time it was made at. */
export type ExpectedDecision = Omit<Decision, 'atUs'>;

/** Judges rate decisions, step by step. */
export interface RateOracle {
  /** Time passes, µs: every bucket leaks. */
  advance(us: number): void;
  /** The decision over the charges, which are then poured in if all fit. */
  decide(charges: readonly Charge[]): ExpectedDecision;
}

/**
 * A slow judge, independent of the code it judges: leaky buckets that are drained step by step, in BigInt, with no TAT and
 * no formula for `r`, `t` and `wait`; each is searched for by its definition. For tests only.
 */
export function createRateOracle(): RateOracle {
  const levels = new Map<string, bigint>();

  function bucketOf(charge: Charge): JudgedBucket {
    const unit = leastWhere((us) => us * BigInt(charge.q) >= BigInt(charge.windowS) * 1_000_000n, 1n << 40n);
    const capacity = BigInt(charge.burst ?? charge.q) * unit;
    const level = levels.get(keyOf(charge)) ?? 0n;
    return { charge, unit, capacity, level: level < capacity ? level : capacity, cost: BigInt(charge.cost) };
  }
  return {
    advance(us) {
      for (const [key, level] of levels) levels.set(key, level > BigInt(us) ? level - BigInt(us) : 0n);
    },
    decide(charges) {
      const buckets = charges.map(bucketOf);
      const violated = buckets.filter((bucket) => !fits(bucket, bucket.cost, 0n)).map(({ charge }) => charge.policy);
      const admitted = violated.length === 0;
      const policies = buckets.map((bucket) => {
        const wait = leastWhere((us) => fits(bucket, bucket.cost, us), bucket.capacity);
        const after = admitted ? { ...bucket, level: bucket.level + bucket.cost * bucket.unit } : bucket;
        if (admitted) levels.set(keyOf(bucket.charge), after.level);
        return toState(after, wait);
      });
      return { admitted, policies, violated };
    },
  };
}

interface JudgedBucket {
  readonly charge: Charge;
  /** What one call pours in, µs of leaking. */
  readonly unit: bigint;
  readonly capacity: bigint;
  readonly level: bigint;
  readonly cost: bigint;
}

function keyOf(charge: Charge): string {
  return JSON.stringify([charge.policy, charge.partition]);
}

/** Whether so many calls find room after so much time. */
function fits({ level, unit, capacity }: JudgedBucket, calls: bigint, afterUs: bigint): boolean {
  const left = level > afterUs ? level - afterUs : 0n;
  return left + calls * unit <= capacity;
}

function toState(bucket: JudgedBucket, wait: bigint): PolicyState {
  const tooMany = leastWhere((calls) => !fits(bucket, calls, 0n), bucket.capacity);
  const t =
    bucket.level === 0n ? 0n : leastWhere((us) => fits(bucket, tooMany, us) || us >= bucket.level, bucket.level);
  const { policy: name, q, windowS: w } = bucket.charge;
  return { name, q, w, r: Number(tooMany - 1n), t: Number(t), wait: Number(wait) };
}

/** The least number from 0 for which a predicate that never becomes false again is true; `most` + 1 if none is. */
function leastWhere(holds: (value: bigint) => boolean, most: bigint): bigint {
  let low = 0n;
  let high = most + 1n;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (holds(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}
