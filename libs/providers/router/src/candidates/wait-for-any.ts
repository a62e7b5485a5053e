import type { LeftOutReason } from './reasons.ts';

/** Somebody who cannot be asked at this moment. */
export interface Waiting {
  readonly reason?: LeftOutReason;
  /** When that passes, ms since the epoch; absent: nobody knows. */
  readonly availableAt?: number;
}

/** How often an offline network is probed, s (architecture.md 6). */
const probeEveryS = 10;

/** Whole seconds, at least one, until the first of them may be asked again: `Retry-After`. Undefined: nobody knows. Pure. */
export function waitForAnyS(waiting: readonly Waiting[], now: number): number | undefined {
  const waits = waiting.flatMap(({ availableAt, reason }) => {
    if (reason === 'offline') return [probeEveryS];
    return availableAt === undefined ? [] : [(availableAt - now) / 1000];
  });
  return waits.length === 0 ? undefined : Math.max(1, Math.ceil(Math.min(...waits)));
}
