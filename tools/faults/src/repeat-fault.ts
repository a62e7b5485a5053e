import { setTimeout as sleep } from 'node:timers/promises';

/** A fault that comes again and again. */
export interface RepeatedFault {
  /** How often it has happened. */
  readonly times: number;
  /** Ends it and waits for the one under way. Errors: that of the first one that failed; it is the last. */
  stop(): Promise<void>;
}

/** Lets a fault happen every `everyMs` (from the end of one to the start of the next), the first one after that time. */
export function repeatFault(everyMs: number, fault: () => Promise<void> | void): RepeatedFault {
  const ending = new AbortController();
  let times = 0;
  const loop = async () => {
    for (;;) {
      try {
        await sleep(everyMs, undefined, { signal: ending.signal });
      } catch {
        // Asked to end.
        return;
      }
      await fault();
      times += 1;
    }
  };
  const running = loop();
  // It is awaited by `stop`, which may come much later than a failure.
  running.catch(() => {});
  return {
    get times() {
      return times;
    },
    stop() {
      ending.abort();
      return running;
    },
  };
}
