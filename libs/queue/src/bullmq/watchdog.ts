/** Watches one queue for workers that no longer work. */
export interface Watchdog {
  /** Work is overdue now. `rebuild`: nothing has come to its end for too long, make the workers anew. */
  overdue(): 'wait' | 'rebuild';
  /** A run has come to its end. */
  ended(): void;
  /** Whether new workers did not help either. */
  isBroken(): boolean;
}

const stallMs = 15_000;
/** Without a word of overdue work for that long, the stall is over by itself. */
const forgetMs = 5_000;

/** `now` in ms, of any origin. */
export function createWatchdog(now: () => number): Watchdog {
  let since: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let rebuilds = 0;
  const forget = () => {
    since = undefined;
    rebuilds = 0;
  };
  const forgetOld = () => {
    if (now() - last > forgetMs) forget();
  };
  return {
    overdue() {
      forgetOld();
      last = now();
      since ??= last;
      if (last - since < stallMs) return 'wait';
      since = last;
      rebuilds += 1;
      return 'rebuild';
    },
    ended: forget,
    isBroken() {
      forgetOld();
      return rebuilds >= 2;
    },
  };
}
