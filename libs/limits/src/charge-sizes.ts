import { AppError } from '@universal-api/errors';
import type { Charge } from './rate-limiter.ts';

const usPerSecond = 1_000_000;

/** `T` of a charge: the time in which one unit comes back, whole µs. */
export function slotUs(charge: Charge): number {
  return Math.ceil((charge.windowS * usPerSecond) / charge.q);
}

/** `L` of a charge: the debt of a bucket that is used up, µs. */
export function limitUs(charge: Charge): number {
  return (charge.burst ?? charge.q) * slotUs(charge);
}

/** The window of a charge, µs. */
export function windowUs(charge: Charge): number {
  return charge.windowS * usPerSecond;
}

/** Throws `invalid_request` for a cost that could never be admitted. */
export function checkCost(charge: Charge): void {
  const burst = charge.burst ?? charge.q;
  if (charge.cost > burst) throw tooDear(charge, burst);
}

function tooDear(charge: Charge, burst: number): AppError {
  return new AppError('invalid_request', {
    detail: `The call costs ${charge.cost} units and the policy ${charge.policy} allows ${burst} at once.`,
  });
}
