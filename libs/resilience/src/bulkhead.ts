import { AppError } from '@universal-api/errors';

/** How many may be inside, how many may wait, and how long. */
export interface BulkheadLimits {
  readonly concurrent: number;
  readonly queued: number;
  readonly waitMs: number;
}

/** A call that found no slot: the queue was full, or the wait was over. Code `overloaded`; the call was not made. */
export class BulkheadFull extends AppError {
  constructor() {
    super('overloaded', { internal: 'a bulkhead is full', retryAfterS: 1 });
    this.name = 'BulkheadFull';
  }
}

/** Bounds how many calls run at once, so that one slow upstream cannot take every slot of the process. */
export interface Bulkhead {
  /**
   * Makes the call when a slot is free, first come, first served.
   *
   * Errors: what `call` throws; `BulkheadFull`; the reason of `signal` if it is aborted before the call began. A running
   * call is not ended by the signal: that is the call's own affair.
   */
  run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  running(): number;
  waiting(): number;
}

/** Defaults for one provider (platform.md 6.3). */
export const providerBulkhead: BulkheadLimits = { concurrent: 32, queued: 64, waitMs: 250 };

/** A bulkhead; without limits that of one provider. */
export function createBulkhead(limits: BulkheadLimits = providerBulkhead): Bulkhead {
  const waiters = new Set<() => void>();
  let running = 0;

  function waitForSlot(signal: AbortSignal | undefined): Promise<void> {
    if (waiters.size >= limits.queued) return Promise.reject(new BulkheadFull());
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiters.delete(enter);
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const enter = () => {
        leave();
        resolve();
      };
      const abort = () => {
        leave();
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        leave();
        reject(new BulkheadFull());
      }, limits.waitMs);
      signal?.addEventListener('abort', abort);
      waiters.add(enter);
    });
  }

  return {
    running: () => running,
    waiting: () => waiters.size,
    async run(call, signal) {
      signal?.throwIfAborted();
      if (running < limits.concurrent) running += 1;
      else await waitForSlot(signal);
      try {
        signal?.throwIfAborted();
        return await call();
      } finally {
        // The slot passes to the next waiter without becoming free, so that a newcomer cannot overtake.
        const [next] = waiters;
        if (next) next();
        else running -= 1;
      }
    },
  };
}
