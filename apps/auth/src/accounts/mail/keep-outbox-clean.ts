import type { Logger } from '@universal-api/logging';
import type { OutboxStore } from './outbox-store.ts';

/** How often tokens that have ended are erased, ms: a link of ten minutes is gone from the table within eleven. */
const everyMs = 60_000;

/**
 * Erases what has ended of mail and tokens, at once and then every minute, until it is closed. A failure is logged: the next
 * minute tries again. Processes that do the same do not disturb each other.
 */
export function keepOutboxClean(outbox: Pick<OutboxStore, 'clean'>, log: Logger): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const clean = () => {
    running = outbox.clean().then(
      () => {},
      (error: unknown) => log.warn('mail that has ended was not cleaned', { err: error }),
    );
  };
  clean();
  const timer = setInterval(clean, everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
