import type { FailureClass, JobReport } from './job-report.ts';

/** One failed run. */
export interface FailedRun {
  readonly queue: string;
  readonly job: string;
  readonly key: string;
  readonly class: FailureClass;
  /** Cut to 300 characters; internal, for the operations port alone. */
  readonly message: string;
  /** RFC 3339. */
  readonly at: string;
}

/** One queue, as its store and this process see it. */
export interface QueueDescription {
  readonly name: string;
  readonly concurrency: number;
  /** In the store, over all processes; absent while it does not say. */
  readonly waiting?: number;
  readonly active?: number;
  /** Age of the oldest ring that waits, ms; 0 when none waits; absent while the store does not say. */
  readonly oldestMs?: number;
  /** In this process, since its start. */
  readonly runs: number;
  readonly failed: number;
  readonly running: number;
}

/** The jobs of a process, for the operations port. */
export interface JobsDescription {
  readonly store: 'postgres' | 'redis';
  readonly state: 'open' | 'opening' | 'unfit' | 'closed';
  readonly queues: readonly QueueDescription[];
  /** The last hundred, newest first. */
  readonly failures: readonly FailedRun[];
}

/** What a process remembers of its runs. */
export interface JobRecord {
  add(report: JobReport & { readonly kind: 'run' }): void;
  totals(queue: string): { readonly runs: number; readonly failed: number };
  failures(): readonly FailedRun[];
}

const keptFailures = 100;
const messageMax = 300;

/** Makes an empty record; `now` in ms since the epoch. */
export function createJobRecord(now: () => number): JobRecord {
  const totals = new Map<string, { runs: number; failed: number }>();
  const failures: FailedRun[] = [];
  return {
    add({ queue, job, key, failure }) {
      const total = totals.get(queue) ?? { runs: 0, failed: 0 };
      totals.set(queue, total);
      total.runs += 1;
      if (!failure) return;
      total.failed += 1;
      const { error } = failure;
      const message = (error instanceof Error ? error.message : String(error)).slice(0, messageMax);
      failures.unshift({ queue, job, key, class: failure.class, message, at: new Date(now()).toISOString() });
      failures.splice(keptFailures);
    },
    totals: (queue) => totals.get(queue) ?? { runs: 0, failed: 0 },
    failures: () => [...failures],
  };
}
