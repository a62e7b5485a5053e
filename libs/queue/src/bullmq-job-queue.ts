import { AppError } from '@universal-api/errors';
import { createErrorCounter } from './bullmq/count-errors.ts';
import type { JobBackend } from './bullmq/job-backend.ts';
import { createStoreOpening } from './bullmq/open-store.ts';
import { createRunJob } from './bullmq/run-job.ts';
import { openServedQueue, type ServedQueue } from './bullmq/served-queue.ts';
import { createSingleRuns, type SingleRuns } from './bullmq/single-runs.ts';
import { createWakes } from './bullmq/wakes.ts';
import { createWatchdog, type Watchdog } from './bullmq/watchdog.ts';
import { inTime, settlesWithin } from './bullmq/within.ts';
import { checkWorkers } from './check-workers.ts';
import { type JobDefinition, type QueueDefinition, queuesOf } from './job-catalogue.ts';
import type { JobQueue, RunJob } from './job-queue.ts';
import { createJobRecord, type JobRecord, type QueueDescription } from './job-record.ts';
import type { JobReport } from './job-report.ts';

/** Parts of a job queue. */
export interface JobQueueParts {
  /** Where the wakes are kept; the queue closes it. */
  readonly backend: JobBackend;
  /** The jobs of this service: `createJobCatalogue`. */
  readonly jobs: readonly JobDefinition[];
  /** `DRAIN_S`, in ms: how long `close` lets runs go on. */
  readonly drainMs: number;
  readonly report?: (report: JobReport) => void;
  /** Milliseconds since the epoch; absent: the system's clock. */
  readonly now?: () => number;
}

const askMs = 1_000;
const abortMs = 1_000;

/** One queue of the catalogue in this process. */
interface Lane {
  readonly definition: QueueDefinition;
  readonly watchdog: Watchdog;
  readonly runs: SingleRuns;
  readonly onError: (error: unknown) => void;
  served?: ServedQueue;
  rebuilding?: Promise<void>;
}

/** The job queue over BullMQ, on the backend that is handed in. Opens nothing before `start`. */
export function createBullmqJobQueue(parts: JobQueueParts): JobQueue {
  const { backend, jobs, drainMs, report = () => {}, now = Date.now } = parts;
  const record = createJobRecord(now);
  const workers = new Map<string, { job: JobDefinition; run: RunJob<string> }>();
  const lanes = new Map<string, Lane>();
  for (const definition of queuesOf(jobs)) lanes.set(definition.name, createLane(definition, now, report));
  const wakes = createWakes();
  const store = createStoreOpening({ backend, report, open: () => openLanes([...lanes.values()], openLane) });
  const openLane = (lane: Lane) => {
    const { definition, runs, onError } = lane;
    const onRun = (done: JobReport & { readonly kind: 'run' }) => {
      record.add(done);
      lane.watchdog.ended();
      report(done);
    };
    const run = createRunJob({ queue: definition.name, workers, runs, report: onRun });
    return openServedQueue({ backend, definition, onError, ...(workers.size > 0 ? { run } : {}) });
  };
  const laneOf = (job: JobDefinition): Lane => {
    const lane = jobs.includes(job) ? lanes.get(job.queue.name) : undefined;
    if (lane) return lane;
    throw new AppError('internal', { internal: `Job ${job.name} is not in the catalogue of this queue.` });
  };

  return {
    ring(job, key) {
      const lane = laneOf(job);
      job.toData(key);
      const about = { kind: 'wake', queue: lane.definition.name, job: job.name } as const;
      wakes.ring(`${job.name}/${key}`, {
        send: async () => {
          if (!lane.served) throw new Error('the queue is not open');
          await lane.served.add(job, key);
        },
        report(result, error) {
          report({ ...about, result });
          if (result === 'failed') lane.onError(error);
        },
      });
    },
    work(job, run) {
      laneOf(job);
      checkWorkers([job], workers.has(job.name) ? [job, job] : [job]);
      workers.set(job.name, { job, run: run as RunJob<string> });
    },
    async start() {
      const worked = [...workers.values()].map(({ job }) => job);
      checkWorkers(jobs, worked);
      await store.start();
    },
    noteOverdue(job) {
      const lane = laneOf(job);
      if (store.state() !== 'open' || lane.watchdog.overdue() === 'wait') return;
      lane.rebuilding ??= rebuild(lane, report).finally(() => delete lane.rebuilding);
    },
    async check() {
      const state = store.state();
      if (state !== 'open') throw unavailable(`The job queue is ${state}.`);
      const stalled = [...lanes.values()].find(({ watchdog }) => watchdog.isBroken());
      if (stalled) throw unavailable(`Runs of ${stalled.definition.name} do not come to an end.`);
      try {
        await inTime(askMs, 'no answer', backend.ping());
      } catch (error) {
        throw unavailable('The store of the jobs is away.', error);
      }
    },
    async describe() {
      const queues = await Promise.all([...lanes.values()].map((lane) => describeLane(lane, record, now())));
      return { store: backend.name, state: store.state(), queues, failures: record.failures() };
    },
    async close() {
      wakes.close();
      await store.stop();
      await closeLanes([...lanes.values()], drainMs);
      await backend.close();
    },
  };
}

function createLane(definition: QueueDefinition, now: () => number, report: (report: JobReport) => void): Lane {
  const onError = createErrorCounter(definition.name, now, report);
  return { definition, watchdog: createWatchdog(now), runs: createSingleRuns(), onError };
}

/** All of them or none: what was made before a failure is closed again. */
async function openLanes(lanes: readonly Lane[], open: (lane: Lane) => Promise<ServedQueue>): Promise<void> {
  const opened: (readonly [Lane, ServedQueue])[] = [];
  try {
    for (const lane of lanes) opened.push([lane, await open(lane)]);
  } catch (error) {
    await Promise.all(opened.map(([, served]) => served.close(true)));
    throw error;
  }
  for (const [lane, served] of opened) lane.served = served;
}

async function rebuild(lane: Lane, report: (report: JobReport) => void): Promise<void> {
  try {
    await lane.served?.rebuild();
    report({ kind: 'rebuilt', queue: lane.definition.name });
  } catch (error) {
    // The next stall tries it again; until then readiness says so.
    lane.onError(error);
  }
}

async function describeLane(
  { definition, served, runs }: Lane,
  record: JobRecord,
  nowMs: number,
): Promise<QueueDescription> {
  // A store that does not say in time leaves the counts out.
  const found = served && (await inTime(askMs, 'no answer', served.counts()).catch(() => undefined));
  const counts = found && {
    waiting: found.waiting,
    active: found.active,
    oldestMs: Math.max(0, nowMs - (found.oldestAt ?? nowMs)),
  };
  return { ...definition, ...counts, ...record.totals(definition.name), running: runs.count() };
}

async function closeLanes(lanes: readonly Lane[], drainMs: number): Promise<void> {
  const allIdle = () => Promise.all(lanes.map(({ runs }) => runs.whenIdle()));
  await Promise.all(lanes.map(({ rebuilding }) => rebuilding));
  for (const { served } of lanes) served?.pause();
  if (!(await settlesWithin(drainMs, allIdle()))) {
    for (const { served } of lanes) served?.abortRuns();
    await settlesWithin(abortMs, allIdle());
  }
  await Promise.all(lanes.map(({ served, runs }) => served?.close(runs.count() > 0)));
}

function unavailable(internal: string, cause?: unknown): AppError {
  return new AppError('service_unavailable', { internal, cause });
}
