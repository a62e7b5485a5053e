import type { Job } from 'bullmq';
import type { JobDefinition, QueueDefinition } from '../job-catalogue.ts';
import { wakeOptions } from './bullmq-options.ts';
import type { JobBackend, Producer, Runner } from './job-backend.ts';
import { inTime, settlesWithin } from './within.ts';

/** One job as the store gave it to this process. */
export interface TakenJob {
  readonly name: string;
  readonly data: unknown;
  /** Aborted when the store may give it to somebody else, and by `abortRuns`. */
  readonly signal: AbortSignal;
}

/** How a queue is served. */
export interface ServedQueueParts {
  readonly backend: JobBackend;
  readonly definition: QueueDefinition;
  /** Absent: this process only rings. Does not throw. */
  readonly run?: (job: TakenJob) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** The BullMQ objects of one queue in this process. */
export interface ServedQueue {
  add(job: JobDefinition, key: string): Promise<unknown>;
  /** `oldestAt`: when the oldest of those that wait was rung, ms since the epoch; absent when none waits. */
  counts(): Promise<{ waiting: number; active: number; oldestAt?: number }>;
  /** Makes a new worker on the same store; what the old one was running is told to end. */
  rebuild(): Promise<void>;
  /** No job is taken any more; what runs goes on. */
  pause(): void;
  abortRuns(): void;
  /** Closes all of it in a bounded time; `isCut`: runs are still going on, and their jobs are left to be found as stalled. */
  close(isCut: boolean): Promise<void>;
}

const readyMs = 5_000;
const closeMs = 2_000;

/**
 * Opens the objects of a queue on a store that has just answered. Errors: whatever kept one from becoming ready; everything is
 * closed then, as such an object never recovers.
 */
export async function openServedQueue({ backend, definition, run, onError }: ServedQueueParts): Promise<ServedQueue> {
  const { name, concurrency } = definition;
  const running = new Map<string, AbortController>();
  const abortRuns = (ids: Iterable<string> = running.keys()) => {
    for (const id of ids) running.get(id)?.abort(new Error('the run has to end'));
  };

  const takeJob = async (job: Job) => {
    const id = job.id ?? '';
    const controller = new AbortController();
    running.set(id, controller);
    try {
      await run?.({ name: job.name, data: job.data, signal: controller.signal });
    } finally {
      if (running.get(id) === controller) running.delete(id);
    }
  };
  const openRunner = async (): Promise<Runner> => {
    const runner = backend.createRunner(name, concurrency, takeJob);
    runner.on('error', onError);
    // The lock is lost: from now on another process may be given the job.
    runner.on('lockRenewalFailed', (ids) => abortRuns(ids));
    await becomeReady(runner, name);
    runner.run().catch(onError);
    return runner;
  };

  const producer = backend.createProducer(name);
  producer.on('error', onError);
  await becomeReady(producer, name);
  let runner: Runner | undefined;
  try {
    runner = run ? await openRunner() : undefined;
  } catch (error) {
    await dispose(producer);
    throw error;
  }
  return {
    add: (job, key) => producer.add(job.name, job.toData(key), wakeOptions(job, key)),
    async counts() {
      const { waiting = 0, active = 0 } = await producer.getJobCounts('waiting', 'active');
      if (waiting === 0) return { waiting, active };
      const [oldest] = await producer.getJobs(['waiting'], 0, 0, true);
      return { waiting, active, ...(oldest && { oldestAt: oldest.timestamp }) };
    },
    async rebuild() {
      abortRuns();
      if (runner) await disposeRunner(runner, true);
      runner = run ? await openRunner() : undefined;
    },
    pause: () => void runner?.pause(true).catch(onError),
    abortRuns,
    async close(isCut) {
      if (runner) await disposeRunner(runner, isCut);
      await dispose(producer);
    },
  };
}

async function becomeReady(object: Producer | Runner, queue: string): Promise<void> {
  try {
    await inTime(readyMs, `Queue ${queue} was not ready in ${readyMs} ms.`, object.waitUntilReady());
  } catch (error) {
    await dispose(object, true);
    throw error;
  }
}

async function disposeRunner(runner: Runner, isCut: boolean): Promise<void> {
  const disposed = dispose(runner, isCut);
  // Only now, as a worker that is not closing would go on waiting.
  if (isCut) await settlesWithin(closeMs, runner.wake());
  await disposed;
}

/** Closes an object; one that does not come to its end is cut off from the store. */
async function dispose(object: Producer | Runner, isCut?: boolean): Promise<void> {
  const closed = 'run' in object ? object.close(isCut) : object.close();
  if (!(await settlesWithin(closeMs, closed))) await settlesWithin(closeMs, object.disconnect());
}
