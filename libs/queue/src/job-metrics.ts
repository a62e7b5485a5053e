import type { Metrics } from '@universal-api/telemetry';
import type { JobReport } from './job-report.ts';

/** Registers the metrics of the job queue and gives back what keeps them. Labels are names and classes, all closed sets. */
export function createJobMetrics(metrics: Metrics): (report: JobReport) => void {
  const wakes = metrics.counter('uapi_jobs_wakes_total', 'Rings, by what became of them.', ['queue', 'job', 'result']);
  const runs = metrics.duration('uapi_jobs_run_seconds', 'Runs of jobs, failed ones too.', ['queue', 'job']);
  const failed = metrics.counter('uapi_jobs_failed_total', 'Runs that failed.', ['queue', 'job', 'class']);
  const errors = metrics.counter('uapi_jobs_store_errors_total', 'Errors of the store beside any run.', ['queue']);
  const rebuilt = metrics.counter('uapi_jobs_rebuilt_total', 'Times that workers were made anew.', ['queue']);
  const isOpen = metrics.gauge('uapi_jobs_store_open', 'Whether the store of the jobs is in use: 1 or 0.');
  return (report) => {
    if (report.kind === 'store') return isOpen.set(report.state === 'open' ? 1 : 0);
    const { queue } = report;
    if (report.kind === 'rebuilt') return rebuilt.inc({ queue });
    if (report.kind === 'store_error') return errors.inc({ queue }, report.count);
    const { job } = report;
    if (report.kind === 'wake') return wakes.inc({ queue, job, result: report.result });
    runs.observe({ queue, job }, report.ms / 1_000);
    if (report.failure) failed.inc({ queue, job, class: report.failure.class });
  };
}
