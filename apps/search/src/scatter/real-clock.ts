import type { ScatterClock } from './collect-until.ts';

/** Time as it passes. `now` in ms since the epoch. */
export function createRealClock(now: () => number): ScatterClock {
  return {
    now,
    after(ms, call) {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  };
}
