import { AppError } from '@universal-api/errors';

/** How many calls may be under way at once. */
export interface AdmissionOptions {
  /** `MAX_IN_FLIGHT`. */
  readonly maxInFlight: number;
  /** `SHED_RESERVED`: share of the slots that only critical methods may take, 0..1. */
  readonly reservedShare: number;
  /** Whether the process is strained (loop delay, heap): then only critical calls get in. */
  readonly isStrained?: () => boolean;
}

/** Hands out the slots of the gateway. */
export interface Admission {
  /** Takes a slot and answers how to leave it; `overloaded` when there is none. Costs nothing but a comparison. */
  enter(isCritical: boolean): () => void;
  inFlight(): number;
}

/** A fixed number of slots, some of them kept for identity and health (platform.md 6.3). */
export function createAdmission({ maxInFlight, reservedShare, isStrained = () => false }: AdmissionOptions): Admission {
  const forNormal = Math.floor(maxInFlight * (1 - reservedShare));
  let inFlight = 0;
  return {
    inFlight: () => inFlight,
    enter(isCritical) {
      if (inFlight >= (isCritical ? maxInFlight : forNormal) || (!isCritical && isStrained())) {
        throw new AppError('overloaded', { retryAfterS: 1 });
      }
      inFlight += 1;
      let isInside = true;
      return () => {
        if (isInside) inFlight -= 1;
        isInside = false;
      };
    },
  };
}
