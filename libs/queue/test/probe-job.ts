import { z } from '@universal-api/config';
import { defineJob, defineQueue } from '../src/index.ts';

/** A job of tests on a queue of this name. */
export function probeJob(queue: string, concurrency = 4) {
  return defineJob({
    name: 'probe-key',
    queue: defineQueue({ name: queue, concurrency }),
    data: z.strictObject({ probe_id: z.string() }),
  });
}

/** Waits for a condition; throws when it has not come true in time. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
    if (await condition()) return;
  }
  throw new Error(`what was waited for did not happen in ${withinMs} ms`);
}
