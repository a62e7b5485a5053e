import type { Logger } from '@universal-api/logging';

/** A process that has started and can be ended. */
export interface Running {
  /** Says that it will end, and goes on serving. */
  beginDrain(): void;
  /** Ends everything in reverse order of start. */
  stop(drainMs: number): Promise<void>;
}

/** How a process ends. */
export interface EndOptions {
  readonly log: Logger;
  /** Time between saying "not ready" and closing, so that probes and clients notice, ms. */
  readonly noticeMs: number;
  /** Longest wait for work under way, ms. */
  readonly drainMs: number;
  /** After this the process ends whatever still runs, ms. */
  readonly hardStopMs: number;
}

/**
 * Runs until SIGINT or SIGTERM, or an error that reached the process; then ends in order. Resolves with the exit code:
 * 0 after a signal, 1 after an error or a hard stop.
 */
export function runUntilSignal(running: Running, options: EndOptions): Promise<number> {
  const { log } = options;
  return new Promise((resolve) => {
    let isEnding = false;
    const end = (code: number, noticeMs: number) => {
      if (isEnding) return;
      isEnding = true;
      setTimeout(() => {
        log.error('the hard stop was reached');
        resolve(1);
      }, options.hardStopMs).unref();
      running.beginDrain();
      setTimeout(() => {
        running.stop(options.drainMs).then(
          () => resolve(code),
          (error: unknown) => {
            log.error('the stop failed', { err: error });
            resolve(1);
          },
        );
      }, noticeMs);
    };
    // Ctrl-C is a person who waits: no probe needs the notice.
    process.on('SIGINT', () => end(0, 0));
    process.on('SIGTERM', () => end(0, options.noticeMs));
    const fail = (message: string) => (error: unknown) => {
      log.error(message, { err: error });
      end(1, 0);
    };
    process.on('unhandledRejection', fail('a rejection reached the process'));
    process.on('uncaughtException', fail('an exception reached the process'));
  });
}
