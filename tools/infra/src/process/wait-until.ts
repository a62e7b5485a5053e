import { setTimeout as sleep } from 'node:timers/promises';

/** Asks every 10 ms until the condition holds, or for `deadlineMs`. Gives back whether it held. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, deadlineMs: number): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await sleep(10);
  }
}
