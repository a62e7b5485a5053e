import type { Processor, Queue, Worker } from 'bullmq';

/** What rings: a BullMQ queue, whatever it stands on. */
export type Producer = Pick<Queue, 'add' | 'getJobCounts' | 'getJobs' | 'waitUntilReady' | 'close' | 'disconnect'> & {
  on(event: 'error', listener: (error: Error) => void): unknown;
};

/** What runs: a BullMQ worker, whatever it stands on. */
export type Runner = Pick<Worker, 'run' | 'pause' | 'waitUntilReady' | 'close' | 'disconnect'> & {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'lockRenewalFailed', listener: (jobIds: string[]) => void): unknown;
  /** Ends the waiting for a job that a forced close leaves behind. */
  wake(): Promise<void>;
};

/**
 * The store under a job queue. What is constructed while the store is away keeps its first failure for ever, so nothing is before
 * `ping` has passed.
 */
export interface JobBackend {
  readonly name: 'postgres' | 'redis';
  /** One real round trip. Rejects while the store is away. */
  ping(): Promise<void>;
  /** Why the store must not be used as it is, a sentence for the operator; undefined when it may. Rejects while it is away. */
  findUnfitness(): Promise<string | undefined>;
  createProducer(queue: string): Producer;
  createRunner(queue: string, concurrency: number, processor: Processor): Runner;
  /** Closes what the backend itself opened. */
  close(): Promise<void>;
}
