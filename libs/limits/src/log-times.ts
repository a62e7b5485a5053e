import type { Charge, PolicyState } from './rate-limiter.ts';
import { checkCost, windowUs } from './charge-sizes.ts';

/** Times at which the units of a bucket of kind `log` were taken, µs, earliest first; one entry for each unit. */
export type LogTimes = readonly number[];

/** A bucket of kind `log` as one decision sees it. */
export interface LogLoad {
  readonly charge: Charge;
  readonly nowUs: number;
  /** Units that the bucket holds. */
  readonly limit: number;
  /** Units taken within the window, before the decision. */
  readonly times: LogTimes;
  /** Units if the charge is admitted. */
  readonly asked: number;
  /** What one unit weighs: as much as one for each gateway that counts by itself. */
  readonly weight: number;
}

/** The units that still count: a unit leaves a window after it was taken. A time that is yet to come counts as now. */
export function timesInWindow(times: LogTimes, charge: Charge, nowUs: number): number[] {
  const earliestUs = nowUs - windowUs(charge);
  const counted: number[] = [];
  for (const us of times) if (us > earliestUs) counted.push(Math.min(us, nowUs));
  return counted;
}

/** Reads a bucket for a decision. Errors: `invalid_request` for a cost that could never be admitted. */
export function toLogLoad(charge: Charge, times: LogTimes, nowUs: number, gateways: number): LogLoad {
  checkCost(charge);
  const limit = Math.max(charge.q, gateways);
  // A policy that was lowered leaves more units than it holds: the latest of them are kept, as they end last.
  const counted = timesInWindow(times, charge, nowUs).slice(-limit);
  return { charge, nowUs, limit, times: counted, asked: counted.length + charge.cost * gateways, weight: gateways };
}

/** The units once a charge is admitted. */
export function timesAfter({ charge, times, nowUs, weight }: LogLoad): LogTimes {
  return [...times, ...Array<number>(charge.cost * weight).fill(nowUs)];
}

/** Where a caller stands: `t` until the next unit leaves the window, `wait` until enough have. */
export function toLogState(load: LogLoad, admitted: boolean): PolicyState {
  const { charge, nowUs, limit, weight } = load;
  const after = admitted ? timesAfter(load) : load.times;
  const leavesUs = (index: number) => (after[index] ?? nowUs) + windowUs(charge) - nowUs;
  const tooMany = load.asked - limit;
  const r = Math.floor((limit - after.length) / weight);
  return {
    name: charge.policy,
    q: charge.q,
    w: charge.windowS,
    r,
    // So many must leave until one unit more has room.
    t:
      after.length === 0
        ? 0
        : leavesUs(Math.max(Math.min((r + 1) * weight - limit + after.length, after.length), 1) - 1),
    wait: tooMany > 0 ? leavesUs(tooMany - 1) : 0,
  };
}

/** The units without those that a charge took at `atUs`: those that have left the window are not given twice. */
export function timesWithout(times: LogTimes, atUs: number, units: number): number[] {
  let left = units;
  return times.filter((us) => us !== atUs || left-- <= 0);
}
