import { createBucketTable, type Bucket } from './bucket-table.ts';
import { limitUs, slotUs } from './charge-sizes.ts';
import { decideShare, refundedTat } from './decide-charges.ts';
import type { LogTimes } from './log-times.ts';
import { createOutageLog, type OutageLog } from './outage-log.ts';
import type { Charge, Decision } from './rate-limiter.ts';

/** What one gateway knows of a bucket that it shares; all TATs, µs of its own clock. `tatUs` is the latest of them. */
interface SharedBucket extends Bucket {
  /** By the last answer of the store. */
  knownUs: number;
  /** By this gateway's own share. */
  localUs: number;
  /** With what it admitted while the store could not be asked: what lies above `knownUs` is not yet in the store. */
  owedUs: number;
  /** Of kind `log`: its units. */
  log?: OutageLog;
}

/** What the store says of a bucket: its debt, µs, or the ages of its units, µs. */
export type ToldDebt = number | readonly number[];

/** What the store is told of a bucket before a decision, µs of debt. */
export interface OwedDebt {
  /** The least that it must be: it may have lost what it knew. */
  readonly baseUs: number;
  /** What is added to that. */
  readonly owedUs: number;
  /** Of kind `log` instead: ages of units, µs. */
  readonly baseAges?: readonly number[];
  readonly owedAges?: readonly number[];
}

/** Parts and bounds of outage buckets. */
export interface OutageBucketsOptions {
  /** Time that never steps back, whole µs. */
  readonly nowUs: () => number;
  /** Gateways alive, this one included. */
  readonly liveGateways: () => number;
  readonly maxBuckets: number;
}

/** One gateway's memory of buckets that live elsewhere, and its own share of them meanwhile. */
export interface OutageBuckets {
  /** Keeps the debts that the store answered after a decision. */
  remember(charges: readonly Charge[], debts: readonly ToldDebt[]): void;
  /** A decision by this gateway's share, starting from what the store answered last; it is owed to the store. */
  decide(charges: readonly Charge[]): Decision;
  /** A decision by this gateway's share alone, beside one of the store. */
  hold(charges: readonly Charge[]): Decision;
  /** What the store has not been told, once; `withBase` also tells what it answered last. `undefined`: nothing. */
  takeOwed(charges: readonly Charge[], withBase: boolean): readonly OwedDebt[] | undefined;
  /** Keeps what was taken, since it may not have arrived. */
  putBack(charges: readonly Charge[], owed: readonly OwedDebt[]): void;
  /** Gives back what a `decide` (owed to the store) or a `hold` at that time took. */
  refund(charges: readonly Charge[], taken: { readonly atUs: number; readonly isOwed: boolean }): void;
}

/**
 * Behaviour without the store, as platform.md 2.5: the same `L`, `T' = n·T`. What is owed is `D′ ÷ n` less the part that the
 * store knows already, so that a frozen store, which kept it, is not charged twice; one that lost it gets it as `base`.
 */
export function createOutageBuckets(options: OutageBucketsOptions): OutageBuckets {
  const { nowUs, maxBuckets } = options;
  const buckets = createBucketTable<SharedBucket>(maxBuckets);
  const countGateways = () => Math.max(1, Math.floor(options.liveGateways()));

  function change(charge: Charge, now: number, edit: (bucket: SharedBucket) => void): void {
    const found = buckets.find(charge.policy, charge.partition);
    const bucket: SharedBucket = found ?? { tatUs: 0, knownUs: 0, localUs: 0, owedUs: 0 };
    if (charge.kind === 'log') bucket.log ??= createOutageLog(charge);
    edit(bucket);
    bucket.tatUs = bucket.log ? bucket.log.emptyAtUs() : Math.max(bucket.knownUs, bucket.localUs, bucket.owedUs);
    if (!found && bucket.tatUs > now) buckets.add(charge.policy, charge.partition, bucket, now);
  }
  function decideLocally(charges: readonly Charge[], isOwed: boolean): Decision {
    const now = nowUs();
    const gateways = countGateways();
    const starts = charges.map(({ policy, partition }) => {
      const bucket = buckets.find(policy, partition);
      return bucket && (isOwed ? Math.max(bucket.localUs, bucket.knownUs) : bucket.localUs);
    });
    const logOf = (index: number): LogTimes | undefined => {
      const charge = charges[index];
      return charge && buckets.find(charge.policy, charge.partition)?.log?.start(isOwed, now);
    };
    const { decision, tatsUs, logs } = decideShare({ charges, tatsUs: starts, nowUs: now, gateways, logOf });
    for (const [index, tatUs] of (tatsUs ?? []).entries()) {
      const charge = charges[index];
      if (!charge || charge.cost === 0) continue;
      change(charge, now, (bucket) => {
        if (bucket.log)
          return bucket.log.take(logs?.get(index) ?? [], isOwed ? { units: charge.cost, now } : undefined);
        bucket.localUs = tatUs;
        if (!isOwed) return;
        bucket.owedUs = Math.max(bucket.owedUs, bucket.knownUs, now) + charge.cost * slotUs(charge) * gateways;
      });
    }
    return decision;
  }

  return {
    decide: (charges) => decideLocally(charges, true),
    hold: (charges) => decideLocally(charges, false),
    remember(charges, debts) {
      const now = nowUs();
      for (const [index, charge] of charges.entries()) {
        const debt = debts[index] ?? 0;
        change(charge, now, (bucket) => {
          if (typeof debt === 'number') bucket.knownUs = now + debt;
          else bucket.log?.remember(debt, now);
        });
      }
    },
    takeOwed(charges, withBase) {
      const now = nowUs();
      let isAny = false;
      const owed = charges.map((charge) => {
        const bucket = buckets.find(charge.policy, charge.partition);
        if (!bucket) return nothing;
        if (bucket.log) {
          const told = bucket.log.takeOwed(now);
          if (told.owedAges.length === 0 && (!withBase || told.baseAges.length === 0)) return nothing;
          isAny = true;
          return { ...nothing, ...told };
        }
        const limit = limitUs(charge);
        const baseUs = Math.min(Math.max(bucket.knownUs - now, 0), limit);
        const owedUs = Math.min(Math.max(bucket.owedUs - now - baseUs, 0), limit);
        bucket.owedUs = 0;
        if (owedUs === 0 && (!withBase || baseUs === 0)) return nothing;
        isAny = true;
        return { baseUs, owedUs: Math.ceil(owedUs / countGateways()) };
      });
      return isAny ? owed : undefined;
    },
    putBack(charges, owed) {
      const now = nowUs();
      const gateways = countGateways();
      for (const [index, charge] of charges.entries()) {
        const { owedAges = [] } = owed[index] ?? {};
        if (owedAges.length > 0) change(charge, now, (bucket) => bucket.log?.putBack(owedAges, now));
        const backUs = (owed[index]?.owedUs ?? 0) * gateways;
        if (backUs === 0) continue;
        change(charge, now, (bucket) => {
          bucket.owedUs = Math.max(bucket.owedUs, bucket.knownUs, now) + backUs;
        });
      }
    },
    refund(charges, { atUs, isOwed }) {
      const moment = { fromUs: atUs, nowUs: nowUs(), gateways: countGateways() };
      for (const charge of charges) {
        change(charge, moment.nowUs, (bucket) => {
          if (bucket.log) return bucket.log.refund(charge.cost, { atUs, isOwed, gateways: moment.gateways });
          bucket.localUs = refundedTat(charge, bucket.localUs, moment);
          if (isOwed) bucket.owedUs = refundedTat(charge, bucket.owedUs, moment);
        });
      }
    },
  };
}

const nothing: OwedDebt = { baseUs: 0, owedUs: 0 };
