import { createBreakerCircuit, type BreakerState } from './breaker-circuit.ts';
import { BreakerOpen } from './breaker-open.ts';
import { createBreakerWindow } from './breaker-window.ts';
import type { Clock } from './clock.ts';

/** How a call ended: with a value, or with what it threw. */
export type BreakerOutcome = { readonly ok: true } | { readonly error: unknown };

/** What an outcome says about the upstream; `neutral` (the caller's own fault, a spent quota) says nothing. */
export type BreakerVerdict = 'success' | 'failure' | 'neutral';

/** Parts of a breaker. */
export interface BreakerParts {
  readonly clock: Clock;
  /** Told of each change of state, after it. */
  readonly onState?: (state: BreakerState) => void;
}

/** Stops calling an upstream that is down, and finds out by single calls when it is back. */
export interface Breaker {
  state(): BreakerState;
  /** Whether `run` would make the call now; changes nothing. */
  admits(): boolean;
  /** When the next call may try, ms of the clock; `undefined` unless open. */
  retryAt(): number | undefined;
  /**
   * Makes the call, unless it is refused, and counts its outcome. The call must have a deadline of its own: while a probe
   * runs, all others are refused.
   *
   * Errors: what `call` throws, unchanged; `BreakerOpen` for a refusal.
   */
  run<T>(call: () => Promise<T>, classify: (outcome: BreakerOutcome) => BreakerVerdict): Promise<T>;
}

const succeeded: BreakerOutcome = { ok: true };

/**
 * A breaker for one provider and operation (platform.md 6.3): opens after 5 failures in a row or half of at least 20 calls
 * in 10 s, for 5 s, doubling up to 60 s while probes fail, back to 5 s after a success. Neutral outcomes touch neither
 * count nor state.
 */
export function createBreaker({ clock, onState }: BreakerParts): Breaker {
  const circuit = createBreakerCircuit(clock, onState);
  const window = createBreakerWindow();
  let isProbing = false;
  // Calls that began before the last change of state say nothing about the present one.
  let era = 0;

  /** Lets a call in or refuses it; true = it is the probe. */
  function enter(): boolean {
    if (circuit.isClosed()) return false;
    if (isProbing || circuit.state() === 'open') throw new BreakerOpen(circuit.pauseEndsAt() - clock.now());
    circuit.tryOnce();
    isProbing = true;
    return true;
  }
  function count(verdict: BreakerVerdict, begun: number, isProbe: boolean): void {
    if (begun !== era || verdict === 'neutral') return;
    if (verdict === 'success' && !isProbe) {
      window.countSuccess(clock.now());
    } else if (verdict === 'success') {
      era += 1;
      circuit.close();
    } else if (isProbe || window.countFailure(clock.now())) {
      era += 1;
      window.forget();
      circuit.open();
    }
  }
  async function run<T>(call: () => Promise<T>, classify: (outcome: BreakerOutcome) => BreakerVerdict): Promise<T> {
    const isProbe = enter();
    const begun = era;
    let outcome = succeeded;
    try {
      return await call();
    } catch (error) {
      outcome = { error };
      throw error;
    } finally {
      if (isProbe) isProbing = false;
      count(classify(outcome), begun, isProbe);
    }
  }

  return {
    run,
    state: circuit.state,
    admits: () => circuit.isClosed() || (circuit.state() === 'half_open' && !isProbing),
    retryAt: () => (circuit.state() === 'open' ? circuit.pauseEndsAt() : undefined),
  };
}
