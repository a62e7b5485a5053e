import { checkCost, limitUs, slotUs, windowUs } from './charge-sizes.ts';
import { timesAfter, toLogLoad, toLogState, type LogLoad, type LogTimes } from './log-times.ts';
import type { Charge, Decision, PolicyState } from './rate-limiter.ts';

/** A decision, and what to store for it. */
export interface DecidedCharges {
  readonly decision: Decision;
  /** New TAT of each charge's bucket, µs; absent if refused: nothing is written. A TAT that has come need not be stored. */
  readonly tatsUs?: readonly number[];
  /** New units of the buckets of kind `log`, by the index of the charge; only if there are such and all was admitted. */
  readonly logs?: ReadonlyMap<number, LogTimes>;
}

/** The stored units of the bucket of a charge of kind `log`, by the charge's index; `undefined` for none. */
export type LogOf = (index: number) => LogTimes | undefined;

/**
 * The generic cell rate algorithm over all policies of a call, in whole µs (platform.md 2.2). A bucket is one number, its
 * TAT: the time at which it will be empty. Pure; every adapter gives the same answers.
 *
 * `tatsUs` holds the stored TAT of each charge's bucket, 0 or `undefined` for none. A debt above the limit, left by a
 * policy that was lowered or by a clock that stepped back, counts as the limit, so that `t` stays within the window.
 */
export function decideCharges(
  charges: readonly Charge[],
  tatsUs: readonly (number | undefined)[],
  nowUs: number,
  logOf?: LogOf,
): DecidedCharges {
  return decideShare({ charges, tatsUs, nowUs, gateways: 1, logOf });
}

/** What one of several gateways decides by itself. */
export interface ShareOfCharges {
  readonly charges: readonly Charge[];
  /** As for `decideCharges`. */
  readonly tatsUs: readonly (number | undefined)[];
  readonly nowUs: number;
  /** Gateways that share the limit and know nothing of each other, at least 1. */
  readonly gateways: number;
  readonly logOf?: LogOf | undefined;
}

/**
 * The same with a share of the limit: each unit weighs as much as one for each gateway (`T' = n·T` against the same `L`,
 * platform.md 2.5), so that together they admit what one would. A bucket that is empty always has room for one unit.
 */
export function decideShare({ charges, tatsUs, nowUs, gateways, logOf }: ShareOfCharges): DecidedCharges {
  const loads = charges.map((charge, index): Load | LogLoad =>
    charge.kind === 'log'
      ? toLogLoad(charge, logOf?.(index) ?? [], nowUs, gateways)
      : toLoad(charge, tatsUs[index] ?? 0, nowUs, gateways),
  );
  const violated: string[] = [];
  for (const { charge, asked, limit } of loads) if (asked > limit) violated.push(charge.policy);
  const admitted = violated.length === 0;
  const policies = loads.map((load) => ('times' in load ? toLogState(load, admitted) : toPolicyState(load, admitted)));
  const decision = { admitted, policies, violated, atUs: nowUs };
  if (!admitted) return { decision };
  let logs: Map<number, LogTimes> | undefined;
  const after = loads.map((load, index) => {
    if (!('times' in load)) return nowUs + load.asked;
    const times = timesAfter(load);
    (logs ??= new Map()).set(index, times);
    return emptyAtUs(load.charge, times);
  });
  return logs ? { decision, tatsUs: after, logs } : { decision, tatsUs: after };
}

/** When the last unit of a bucket of kind `log` leaves its window, µs; 0 for an empty one. */
export function emptyAtUs(charge: Charge, times: LogTimes): number {
  const latest = times.at(-1);
  return latest === undefined ? 0 : latest + windowUs(charge);
}

/** When a charge was made and is given back, µs, and among how many gateways it was counted; 1 unless told. */
export interface RefundedCharge {
  readonly fromUs: number;
  readonly nowUs: number;
  readonly gateways?: number;
}

/** The TAT of a bucket once a charge is given back, less what it regained by itself since then. Pure. */
export function refundedTat(charge: Charge, tatUs: number, { fromUs, nowUs, gateways = 1 }: RefundedCharge): number {
  const left = charge.cost * slotUs(charge) * gateways - (nowUs - fromUs);
  return tatUs - Math.max(left, 0);
}

/** A bucket as one decision sees it, all times in whole µs. */
interface Load {
  readonly charge: Charge;
  /** `T`: the time in which one unit comes back. */
  readonly slot: number;
  /** `L`: the debt of a bucket that is used up. */
  readonly limit: number;
  /** `D` before the decision. */
  readonly debt: number;
  /** `D` if the charge is admitted. */
  readonly asked: number;
}

function toLoad(charge: Charge, tatUs: number, nowUs: number, gateways: number): Load {
  checkCost(charge);
  const slot = slotUs(charge) * gateways;
  const limit = Math.max(limitUs(charge), slot);
  const debt = Math.min(Math.max(tatUs - nowUs, 0), limit);
  return { charge, slot, limit, debt, asked: debt + charge.cost * slot };
}

function toPolicyState({ charge, slot, limit, debt, asked }: Load, admitted: boolean): PolicyState {
  const after = admitted ? asked : debt;
  const r = Math.floor((limit - after) / slot);
  return {
    name: charge.policy,
    q: charge.q,
    w: charge.windowS,
    r,
    // A share need not be a whole number of units: then the last one comes back only with the bucket empty.
    t: Math.min(after + (r + 1) * slot - limit, after),
    wait: Math.min(Math.max(asked - limit, 0), limit),
  };
}
