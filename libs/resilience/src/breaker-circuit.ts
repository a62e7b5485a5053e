import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';
import type { Clock } from './clock.ts';

const shortestPauseMs = 5_000;
const longestPauseMs = 60_000;

/** `open`: calls are refused; `half_open`: one call may try; `closed`: calls pass. */
export type BreakerState = 'closed' | 'half_open' | 'open';

/** The state of a breaker and its changes; who decides on them is `breaker.ts`. */
export interface BreakerCircuit {
  isClosed(): boolean;
  state(): BreakerState;
  /** When the pause of the last opening ends or ended, ms of the clock. */
  pauseEndsAt(): number;
  /** Opens it anew, for twice as long as the last time unless it was closed between; after that it is half-open. */
  open(): void;
  close(): void;
  /** Tells that a call tries, in case the clock ran ahead of the timer that would tell it. */
  tryOnce(): void;
}

/**
 * A state held by opossum, whose timer to half-open keeps no process alive. Its `fire()` and its statistics are not used:
 * they know no neutral outcome and cost five times as much.
 */
export function createBreakerCircuit(clock: Clock, onState?: (state: BreakerState) => void): BreakerCircuit {
  const options: CircuitBreaker.Options = {
    enableSnapshots: false,
    rollingCountBuckets: 1,
    rollingPercentilesEnabled: false,
    // An emitter that never rotates: without it opossum starts an interval for statistics that nobody reads.
    rotateBucketController: new EventEmitter(),
  };
  const circuit = new CircuitBreaker(async () => undefined, options);
  let reported: BreakerState = 'closed';
  let pauseMs = shortestPauseMs;
  let pauseEndsAt = 0;

  function report(state: BreakerState): void {
    if (state === reported) return;
    reported = state;
    onState?.(state);
  }
  circuit.on('halfOpen', () => report('half_open'));

  return {
    isClosed: () => circuit.closed,
    pauseEndsAt: () => pauseEndsAt,
    // The clock decides too: after a machine slept, opossum's timer still has all of its time to go.
    state() {
      if (circuit.closed) return 'closed';
      return circuit.halfOpen || clock.now() >= pauseEndsAt ? 'half_open' : 'open';
    },
    open() {
      options.resetTimeout = pauseMs;
      pauseEndsAt = clock.now() + pauseMs;
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      // An open circuit ignores `open()`, and its timer would go on with the old time.
      circuit.close();
      circuit.open();
      report('open');
    },
    close() {
      pauseMs = shortestPauseMs;
      circuit.close();
      report('closed');
    },
    tryOnce: () => report('half_open'),
  };
}
