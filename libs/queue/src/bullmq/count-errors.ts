import type { JobReport } from '../job-report.ts';

const everyMs = 1_000;

/**
 * Reports errors of a queue, at most one a second and each with the number it stands for: a store in trouble can give thousands.
 * `now` in ms, of any origin.
 */
export function createErrorCounter(
  queue: string,
  now: () => number,
  report: (report: JobReport) => void,
): (error: unknown) => void {
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    count += 1;
    if (now() - last < everyMs) return;
    report({ kind: 'store_error', queue, error, count });
    last = now();
    count = 0;
  };
}
