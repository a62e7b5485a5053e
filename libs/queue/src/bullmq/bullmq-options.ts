import type { JobDefinition } from '../job-catalogue.ts';

/** Of every worker (webhooks.md 6.1): after a kill its runs are back in about 10 s, and never counted against them. */
export const workerOptions = {
  autorun: false,
  lockDuration: 10_000,
  stalledInterval: 5_000,
  // Attempts are counted in the rows of the work, never here.
  maxStalledCount: 1_000,
  // With the default of 15 s a worker sleeps on long after its store has come back.
  runRetryDelay: 500,
} as const;

/** Of every queue: the stream of events that nobody reads stays short. */
export const queueOptions = { streams: { events: { maxLen: 100 } } } as const;

/** Of every wake: nothing is kept, nothing is retried, and what is rung during a run becomes one more. */
export function wakeOptions(job: JobDefinition, key: string) {
  return {
    attempts: 1,
    removeOnComplete: true,
    removeOnFail: true,
    // Keys are unique per job, deduplication is per queue.
    deduplication: { id: `${job.name}/${key}`, keepLastIfActive: true },
  } as const;
}
