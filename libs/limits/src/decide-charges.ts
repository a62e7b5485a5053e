import { AppError } from '@universal-api/errors';
import type { Charge, Decision, PolicyState } from './rate-limiter.ts';

const usPerSecond = 1_000_000;

/** A decision, and what to store for it. */
export interface DecidedCharges {
  readonly decision: Decision;
  /** New TAT of each charge's bucket, µs; absent if refused: nothing is written. A TAT that has come need not be stored. */
  readonly tatsUs?: readonly number[];
}

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
): DecidedCharges {
  const loads = charges.map((charge, index) => toLoad(charge, tatsUs[index] ?? 0, nowUs));
  const violated: string[] = [];
  for (const { charge, asked, limit } of loads) if (asked > limit) violated.push(charge.policy);
  const admitted = violated.length === 0;
  const policies = loads.map((load) => toPolicyState(load, admitted));
  const decision = { admitted, policies, violated, atUs: nowUs };
  return admitted ? { decision, tatsUs: loads.map(({ asked }) => nowUs + asked) } : { decision };
}

/** The TAT of a bucket once a charge of `chargedAtUs` is given back, less what it regained by itself since then. Pure. */
export function refundedTat(charge: Charge, tatUs: number, chargedAtUs: number, nowUs: number): number {
  const left = charge.cost * slotUs(charge) - (nowUs - chargedAtUs);
  return tatUs - Math.max(left, 0);
}

/** A bucket as one decision sees it, all times in whole µs. */
interface Load {
  readonly charge: Charge;
  readonly burst: number;
  /** `T`: the time in which one unit comes back. */
  readonly slot: number;
  /** `L`: the debt of a bucket that is used up. */
  readonly limit: number;
  /** `D` before the decision. */
  readonly debt: number;
  /** `D` if the charge is admitted. */
  readonly asked: number;
}

function toLoad(charge: Charge, tatUs: number, nowUs: number): Load {
  const burst = charge.burst ?? charge.q;
  if (charge.cost > burst) throw tooDear(charge, burst);
  const slot = slotUs(charge);
  const limit = burst * slot;
  const debt = Math.min(Math.max(tatUs - nowUs, 0), limit);
  return { charge, burst, slot, limit, debt, asked: debt + charge.cost * slot };
}

function toPolicyState({ charge, burst, slot, limit, debt, asked }: Load, admitted: boolean): PolicyState {
  const after = admitted ? asked : debt;
  const r = Math.floor((limit - after) / slot);
  return {
    name: charge.policy,
    q: charge.q,
    w: charge.windowS,
    r,
    t: after === 0 ? 0 : after - (burst - r - 1) * slot,
    wait: Math.max(asked - limit, 0),
  };
}

function slotUs(charge: Charge): number {
  return Math.ceil((charge.windowS * usPerSecond) / charge.q);
}

function tooDear(charge: Charge, burst: number): AppError {
  return new AppError('invalid_request', {
    detail: `The call costs ${charge.cost} units and the policy ${charge.policy} allows ${burst} at once.`,
  });
}
