import type { JobDefinition } from '../job-catalogue.ts';
import type { RunJob } from '../job-queue.ts';
import { classOf, type FailureClass, type JobReport } from '../job-report.ts';
import type { TakenJob } from './served-queue.ts';
import type { SingleRuns } from './single-runs.ts';

/** The report of one run. */
export type RunReport = JobReport & { readonly kind: 'run' };

/** What runs the jobs of a queue. */
export interface RunJobParts {
  readonly queue: string;
  /** By the name of the job. */
  readonly workers: ReadonlyMap<string, { readonly job: JobDefinition; readonly run: RunJob<string> }>;
  readonly runs: SingleRuns;
  readonly report: (report: RunReport) => void;
}

/** Makes what runs a job that the store gave out: finds its worker, reads its key, tells how it went. It does not throw. */
export function createRunJob({ queue, workers, runs, report }: RunJobParts): (taken: TakenJob) => Promise<void> {
  const fail = (job: string, key: string, ms: number, failed: FailureClass, error: unknown) =>
    report({ kind: 'run', queue, job, key, ms, failure: { class: failed, error } });

  return async ({ name, data, signal }) => {
    const worker = workers.get(name);
    // The store may hold what another version of the product put there.
    if (!worker) return fail('unknown', '', 0, 'invalid_data', new Error('no job of this version has that name'));
    const { job, run } = worker;
    let key: string;
    try {
      key = readKey(job, data);
    } catch (error) {
      return fail(name, '', 0, 'invalid_data', error);
    }
    await runs.run(`${name}/${key}`, async () => {
      const startedAt = performance.now();
      try {
        await run(job.toData(key), { signal });
        report({ kind: 'run', queue, job: name, key, ms: performance.now() - startedAt });
      } catch (error) {
        // A run that fails is over: its work stays due.
        fail(name, key, performance.now() - startedAt, classOf(error), error);
      }
    });
  };
}

function readKey(job: JobDefinition, data: unknown): string {
  const key: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, job.field) : undefined;
  if (typeof key !== 'string') throw new Error(`the data has no ${job.field}`);
  job.toData(key);
  return key;
}
