import { describe, expect, test } from '@jest/globals';
import { z } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { setTimeout } from 'node:timers/promises';
import { createJobCatalogue, defineJob, defineQueue, type JobDefinition } from './job-catalogue.ts';
import type { JobQueue } from './job-queue.ts';
import type { JobReport } from './job-report.ts';

/** How a test wants a queue. */
export interface QueueOptions {
  readonly jobs: readonly JobDefinition[];
  readonly drainMs?: number;
  readonly now?: () => number;
  readonly report?: (report: JobReport) => void;
}

/** A store to be proved. The suite gives each test queues and keys of its own. */
export interface JobQueueUnderTest {
  /** A queue as one process has it; two on the same jobs are two processes. */
  createQueue(options: QueueOptions): JobQueue;
}

const deadlineMs = 20_000;

/** The suite that every backend of `JobQueue` passes; `world` is there from the first test to the last. */
export function jobQueueContract(name: string, world: () => JobQueueUnderTest): void {
  let nextName = 0;
  const freshJob = (concurrency = 4) =>
    defineJob({
      name: 'probe-key',
      queue: defineQueue({ name: `uapi-probe-q${process.pid}-${++nextName}`, concurrency }),
      data: z.strictObject({ probe_id: z.string() }),
    });
  const withQueues = async (work: (open: (options: QueueOptions) => JobQueue) => Promise<void>) => {
    const opened: JobQueue[] = [];
    try {
      await work((options) => {
        const queue = world().createQueue(options);
        opened.push(queue);
        return queue;
      });
    } finally {
      await Promise.all(opened.map((queue) => queue.close()));
    }
  };
  const untilIdle = (queue: JobQueue) =>
    until(async () => {
      const [only] = (await queue.describe()).queues;
      return only?.waiting === 0 && only.active === 0 && only.running === 0;
    });

  describe(`${name} keeps the law of JobQueue`, () => {
    test('a ring in one process is a run in another, with the key as its data', () =>
      withQueues(async (open) => {
        const job = freshJob();
        const [ringing, working] = [open({ jobs: [job] }), open({ jobs: [job] })];
        const got: unknown[] = [];
        working.work(job, async (data) => void got.push(data));
        await Promise.all([ringing.start(), working.start()]);
        ringing.ring(job, 'ep_1');
        await until(() => got.length === 1);
        await untilIdle(ringing);
        expect(got).toEqual([{ probe_id: 'ep_1' }]);
      }));

    test('the description tells the age of what waits longest, and nothing waits once it was worked off', () =>
      withQueues(async (open) => {
        const job = freshJob();
        // The age is by the clock of the process: an hour later, what was rung now is an hour old.
        const ringing = open({ jobs: [job], now: () => Date.now() + 3_600_000 });
        await ringing.start();
        ringing.ring(job, 'ep_1');
        ringing.ring(job, 'ep_2');
        const only = async () => (await ringing.describe()).queues[0];
        await until(async () => (await only())?.waiting === 2);
        const { oldestMs = 0 } = (await only()) ?? {};
        expect(Math.abs(oldestMs - 3_600_000)).toBeLessThan(30_000);
        const working = open({ jobs: [job] });
        working.work(job, async () => {});
        await working.start();
        await untilIdle(ringing);
        expect(await only()).toMatchObject({ waiting: 0, oldestMs: 0 });
      }));

    test('51 rings during a run are exactly one more run, and the two are never there at once', () =>
      withQueues(async (open) => {
        const job = freshJob();
        const ringing = createRinging((report) => open({ jobs: [job], report }));
        const probe = createProbe();
        for (let process = 0; process < 2; process++) {
          const working = open({ jobs: [job] });
          working.work(job, probe.run);
          await working.start();
        }
        await ringing.queue.start();
        await ringing.ring(job, 'ep_1');
        await until(() => probe.begun('ep_1') === 1);
        for (let count = 0; count < 51; count++) await ringing.ring(job, 'ep_1');
        expect(probe.begun('ep_1')).toBe(1);
        probe.letGo();
        await until(() => probe.begun('ep_1') === 2);
        await untilIdle(ringing.queue);
        expect(probe.begun('ep_1')).toBe(2);
        expect(probe.mostAtOnce('ep_1')).toBe(1);
      }));

    test('two processes that ring without pause never run one key at once, and its last ring is followed by a run', () =>
      withQueues(async (open) => {
        const job = freshJob();
        const probe = createProbe();
        probe.letGo();
        let lastRing = 0;
        let lastBegin = 0;
        const queues = [1, 2].map(() => open({ jobs: [job] }));
        for (const queue of queues) {
          queue.work(job, async (data, context) => {
            lastBegin = performance.now();
            await probe.run(data, context);
            await setTimeout(1);
          });
          await queue.start();
        }
        for (let round = 0; round < 200; round++) {
          for (const queue of queues) queue.ring(job, 'ep_1');
          lastRing = performance.now();
          await setTimeout(1);
        }
        await until(() => lastBegin >= lastRing);
        await Promise.all(queues.map(untilIdle));
        expect(probe.mostAtOnce('ep_1')).toBe(1);
        expect(probe.begun('ep_1')).toBeGreaterThan(2);
      }));

    test('different keys run side by side, as many as the concurrency of the queue', () =>
      withQueues(async (open) => {
        const job = freshJob(3);
        const probe = createProbe();
        const queue = open({ jobs: [job] });
        queue.work(job, probe.run);
        await queue.start();
        for (let key = 1; key <= 5; key++) queue.ring(job, `ep_${key}`);
        await until(() => probe.running() === 3);
        await until(async () => (await queue.describe()).queues[0]?.waiting === 2);
        expect(probe.running()).toBe(3);
        probe.letGo();
        await until(() => probe.ended() === 5);
      }));

    test('two jobs of one queue have each their worker, and the same key does not keep them apart', () =>
      withQueues(async (open) => {
        const first = freshJob();
        const second = defineJob({ ...first, name: 'mend-key', data: z.strictObject({ task: z.string() }) });
        const got: unknown[] = [];
        const queue = open({ jobs: createJobCatalogue([first, second]) });
        queue.work(first, async (data) => void got.push(data));
        queue.work(second, async (data) => void got.push(data));
        await queue.start();
        queue.ring(first, 'same');
        queue.ring(second, 'same');
        await until(() => got.length === 2);
        expect(got).toEqual(expect.arrayContaining([{ probe_id: 'same' }, { task: 'same' }]));
      }));

    test('a run that fails is counted with its class and over; the next ring runs', () =>
      withQueues(async (open) => {
        const job = freshJob();
        const reports: JobReport[] = [];
        const queue = open({ jobs: [job], report: (report) => reports.push(report) });
        let runs = 0;
        queue.work(job, async () => {
          if (++runs === 1) throw new AppError('not_found', { internal: 'that one is gone' });
          if (runs === 2) throw new TypeError('a mistake');
        });
        await queue.start();
        for (let count = 1; count <= 3; count++) {
          queue.ring(job, 'ep_1');
          await until(() => runs === count);
          await untilIdle(queue);
        }
        expect(runs).toBe(3);
        const { queues, failures } = await queue.describe();
        expect(queues).toMatchObject([{ name: job.queue.name, runs: 3, failed: 2, running: 0 }]);
        expect(failures).toMatchObject([
          { job: 'probe-key', key: 'ep_1', class: 'unexpected', message: 'a mistake' },
          { job: 'probe-key', key: 'ep_1', class: 'not_found', message: 'that one is gone' },
        ]);
        const failed = reports.flatMap((report) =>
          report.kind === 'run' && report.failure ? [report.failure.class] : [],
        );
        expect(failed).toEqual(['not_found', 'unexpected']);
      }));

    test('what cannot be rung is refused at once: a malformed key, a job of another queue', () =>
      withQueues(async (open) => {
        const job = freshJob();
        const queue = open({ jobs: [job] });
        for (const key of ['', 'a:b', 'a b', 'x'.repeat(201)]) expect(() => queue.ring(job, key)).toThrow('malformed');
        expect(() => queue.ring(freshJob(), 'ep_1')).toThrow('not in the catalogue');
      }));

    test('a start with a job that nobody works on, beside one that somebody does, is refused and names it', () =>
      withQueues(async (open) => {
        const first = freshJob();
        const second = defineJob({ ...first, name: 'mend-key', data: z.strictObject({ task: z.string() }) });
        const queue = open({ jobs: [first, second] });
        queue.work(first, async () => {});
        await expect(queue.start()).rejects.toThrow('Nobody works on mend-key');
        expect(() => queue.work(first, async () => {})).toThrow('more than one worker');
      }));

    test('closing lets the run under way end, begins no other, and takes no ring', () =>
      withQueues(async (open) => {
        const job = freshJob(1);
        const reports: JobReport[] = [];
        const queue = open({ jobs: [job], drainMs: deadlineMs, report: (report) => reports.push(report) });
        const probe = createProbe();
        queue.work(job, probe.run);
        await queue.start();
        queue.ring(job, 'ep_1');
        await until(() => probe.running() === 1);
        const closed = queue.close();
        queue.ring(job, 'ep_2');
        probe.letGo();
        await closed;
        expect([probe.begun('ep_1'), probe.ended(), probe.begun('ep_2')]).toEqual([1, 1, 0]);
        expect(reports).toContainEqual({ kind: 'wake', queue: job.queue.name, job: job.name, result: 'dropped' });
        await expect(queue.check()).rejects.toThrow('closed');
      }));

    test('a run that does not end is told to at the drain limit, and does not keep the close open', () =>
      withQueues(async (open) => {
        const job = freshJob();
        const queue = open({ jobs: [job], drainMs: 50 });
        const stuck = Promise.withResolvers<void>();
        let signal: AbortSignal | undefined;
        queue.work(job, async (_data, context) => {
          signal = context.signal;
          await stuck.promise;
        });
        await queue.start();
        queue.ring(job, 'ep_1');
        await until(() => signal !== undefined);
        expect(signal?.aborted).toBe(false);
        await queue.close();
        expect(signal?.aborted).toBe(true);
        stuck.resolve();
      }));

    test('overdue work without the end of a run for 15 s makes the workers anew, for 30 s it fails readiness, until a run ends', () =>
      withQueues(async (open) => {
        const job = freshJob(1);
        let clock = 0;
        const reports: JobReport[] = [];
        const queue = open({ jobs: [job], drainMs: 50, now: () => clock, report: (report) => reports.push(report) });
        const rebuilt = () => reports.filter(({ kind }) => kind === 'rebuilt').length;
        const stuck = Promise.withResolvers<void>();
        const runs: string[] = [];
        queue.work(job, async ({ probe_id: key }) => {
          runs.push(key);
          if (key.startsWith('stuck')) await stuck.promise;
        });
        await queue.start();
        const overdueFor = (seconds: number) => {
          for (let second = 0; second < seconds; second++) {
            clock += 1_000;
            queue.noteOverdue(job);
          }
        };
        queue.ring(job, 'stuck-1');
        await until(() => runs.length === 1);
        overdueFor(15);
        expect(rebuilt()).toBe(0);
        overdueFor(1);
        await until(() => rebuilt() === 1);
        await queue.check();
        queue.ring(job, 'stuck-2');
        await until(() => runs.includes('stuck-2'));
        overdueFor(15);
        await until(() => rebuilt() === 2);
        await expect(queue.check()).rejects.toThrow('do not come to an end');
        queue.ring(job, 'fine');
        await until(() => runs.includes('fine'));
        await queue.check();
        stuck.resolve();
      }));
  });
}

/** A process that only rings, and waits until the store has each ring: nothing is put together on the way. */
function createRinging(open: (report: (report: JobReport) => void) => JobQueue) {
  let sent = 0;
  const queue = open((report) => {
    if (report.kind === 'wake' && report.result === 'sent') sent++;
  });
  return {
    queue,
    async ring(job: JobDefinition, key: string) {
      const before = sent;
      queue.ring(job, key);
      await until(() => sent > before);
    },
  };
}

/** Runs that wait until they are let go, and what was seen of them. */
function createProbe() {
  const gate = Promise.withResolvers<void>();
  const begun = new Map<string, number>();
  const now = new Map<string, number>();
  const most = new Map<string, number>();
  let ended = 0;
  return {
    async run({ probe_id: key = '' }: Readonly<Record<string, string>>, _context: { readonly signal: AbortSignal }) {
      begun.set(key, (begun.get(key) ?? 0) + 1);
      now.set(key, (now.get(key) ?? 0) + 1);
      most.set(key, Math.max(most.get(key) ?? 0, now.get(key) ?? 0));
      await gate.promise;
      now.set(key, (now.get(key) ?? 0) - 1);
      ended++;
    },
    letGo: () => gate.resolve(),
    begun: (key: string) => begun.get(key) ?? 0,
    mostAtOnce: (key: string) => most.get(key) ?? 0,
    running: () => [...now.values()].reduce((sum, count) => sum + count, 0),
    ended: () => ended,
  };
}

/** Waits for a condition; throws when it has not come true in time. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + deadlineMs; Date.now() < end; await setTimeout(10)) if (await condition()) return;
  throw new Error(`what was waited for did not happen in ${deadlineMs} ms`);
}
