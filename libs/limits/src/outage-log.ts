import { timesInWindow, timesWithout, type LogTimes } from './log-times.ts';
import { windowUs } from './charge-sizes.ts';
import type { Charge } from './rate-limiter.ts';

/** What one gateway knows of the units of a shared bucket of kind `log`; times by its own clock, µs. */
export interface OutageLog {
  /** When the last unit leaves the window. */
  emptyAtUs(): number;
  /** What a decision starts from: this gateway's own units, and before one that is owed what the store answered if that is more. */
  start(isOwed: boolean, nowUs: number): LogTimes;
  /** Keeps the units after a decision; `owed`: of those so many are to be told to the store. */
  take(times: LogTimes, owed?: { readonly units: number; readonly now: number }): void;
  /** Keeps the ages that the store answered, µs. */
  remember(ages: readonly number[], nowUs: number): void;
  /** What the store is told, as ages, µs: what it answered last, and what it has not been told, once. */
  takeOwed(nowUs: number): { readonly baseAges: readonly number[]; readonly owedAges: readonly number[] };
  putBack(ages: readonly number[], nowUs: number): void;
  refund(cost: number, taken: { readonly atUs: number; readonly isOwed: boolean; readonly gateways: number }): void;
}

/** Knows nothing yet. Each unit of its own weighs as many as there are gateways; what is owed is told as it was. */
export function createOutageLog(charge: Charge): OutageLog {
  let known: LogTimes = [];
  let local: LogTimes = [];
  let owed: LogTimes = [];
  const inWindow = (times: LogTimes, nowUs: number) => timesInWindow(times, charge, nowUs);
  const toAges = (times: LogTimes, nowUs: number) => inWindow(times, nowUs).map((us) => nowUs - us);
  return {
    emptyAtUs: () => Math.max(known.at(-1) ?? 0, local.at(-1) ?? 0, owed.at(-1) ?? 0) + windowUs(charge),
    start(isOwed, nowUs) {
      const own = inWindow(local, nowUs);
      const answered = isOwed ? inWindow(known, nowUs) : [];
      return answered.length > own.length ? answered : own;
    },
    take(times, taken) {
      local = times;
      if (taken) owed = [...owed, ...Array<number>(taken.units).fill(taken.now)];
    },
    remember: (ages, nowUs) => void (known = ages.map((age) => nowUs - age)),
    takeOwed(nowUs) {
      const told = { baseAges: toAges(known, nowUs), owedAges: toAges(owed, nowUs) };
      owed = [];
      return told;
    },
    putBack: (ages, nowUs) => void (owed = [...ages.map((age) => nowUs - age), ...owed]),
    refund(cost, { atUs, isOwed, gateways }) {
      local = timesWithout(local, atUs, cost * gateways);
      if (isOwed) owed = timesWithout(owed, atUs, cost);
    },
  };
}
