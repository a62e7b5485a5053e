import type { JobData, JobDefinition } from './job-catalogue.ts';
import type { JobsDescription } from './job-record.ts';

/** What a run may look at beside its data. */
export interface RunContext {
  /** Aborted when the run should end now: at the drain limit, or when another process may have been given its work. */
  readonly signal: AbortSignal;
}

/** Does the work of a job for one key. */
export type RunJob<Field extends string> = (data: JobData<Field>, context: RunContext) => Promise<void>;

/**
 * A doorbell, not a store of work. What has to be done stands in a table, with the time when it is due; `ring` only makes a
 * worker look sooner than the tick would. The law:
 *
 * - **A ring may be lost**: with the store, with the process that rang, while the store is away, or when too many wait. Whoever
 *   must be sure has a column `due_at` or `next_at` and the tick (`startTicker`).
 * - **A ring may be doubled**: a run may find nothing left to do, and must bear that.
 * - **Rings of one key are coalesced**: what is rung while a run of that key waits or goes on becomes one more run after it.
 *   So a ring that arrives is followed by the beginning of a run, and the run reads its work after it has begun.
 * - **Never two runs of one key at once**, in one process whatever happens, and over all processes as long as the store keeps
 *   what it was told. A store that was emptied, and a process that stood still for longer than 10 s, can make two processes
 *   overlap; so a run takes the lock of its rows (`FOR UPDATE SKIP LOCKED`), and only that makes an overlap harmless.
 * - **A run that fails is over**: no attempts, no backoff. It is counted, and its work stays due.
 * - Runs of different keys go side by side, as many as the queue's concurrency in each process, in no order.
 */
export interface JobQueue {
  /**
   * Rings for one key and returns at once, whatever the store does; what became of it is only counted.
   * Errors: `internal` for a key that does not fit the job, or a job that this queue was not given.
   */
  ring(job: JobDefinition, key: string): void;
  /** Says who runs a job in this process; before `start`. Errors: `internal` for a job that has somebody already. */
  work<Field extends string>(job: JobDefinition<Field>, run: RunJob<Field>): void;
  /**
   * Opens the store and begins. A store that is away is waited for in the background, and `check` says so meanwhile.
   * Errors: `internal` when this process works on some of its jobs and not on others; `service_unavailable` with a
   * sentence for a store that must not be used, such as a Redis that evicts keys.
   */
  start(): Promise<void>;
  /**
   * Tells that work of a job has been due for longer than a wake takes, and nobody has come for it: 15 s of that without the end
   * of a run, and the workers of its queue are made anew; 15 s more, and `check` rejects.
   */
  noteOverdue(job: JobDefinition): void;
  /** For readiness: resolves when the store answers and runs come to their end. Errors: `service_unavailable`. */
  check(): Promise<void>;
  /** Counts of the store, and what this process ran, for the operations port. */
  describe(): Promise<JobsDescription>;
  /**
   * Ends it: no ring and no run begins any more, runs have the drain time to end, then their signal is aborted. Resolves within
   * a few seconds of that, whatever the runs and the store do; what was cut off comes back in another process.
   */
  close(): Promise<void>;
}
