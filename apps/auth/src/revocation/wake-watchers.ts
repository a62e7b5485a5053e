import { listen } from '@universal-api/database';
import { revocationChannel } from './append-revocation.ts';

/** The hint beside the poll: something may have changed. */
export interface WatcherWake {
  /** Grows with each hint. */
  hints(): number;
  /** Ends when there was a hint after the given count, `ms` have passed, or the signal is aborted. Never fails. */
  wait(since: number, ms: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Listens on one connection for all streams of the process. */
export function createWatcherWake({ url, role }: { readonly url: string; readonly role: string }): WatcherWake {
  const waiting = new Set<() => void>();
  let count = 0;
  const listener = listen({
    url,
    role,
    channel: revocationChannel,
    onNotify() {
      count++;
      for (const wake of [...waiting]) wake();
    },
  });
  return {
    hints: () => count,
    wait: (since, ms, signal) =>
      new Promise((resolve) => {
        if (count > since || signal.aborted) return resolve();
        const end = () => {
          clearTimeout(timer);
          waiting.delete(end);
          signal.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        waiting.add(end);
        signal.addEventListener('abort', end, { once: true });
      }),
    async close() {
      await listener.close();
      for (const wake of [...waiting]) wake();
    },
  };
}
