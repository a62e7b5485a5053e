import { AppError } from '@universal-api/errors';
import type { JobDefinition } from './job-catalogue.ts';

/**
 * Refuses a start in which work would lie there for ever: in a process that works, every job has exactly one worker. One that has
 * none at all only rings.
 * Errors: `internal`, naming the jobs.
 */
export function checkWorkers(jobs: readonly JobDefinition[], worked: readonly JobDefinition[]): void {
  const stranger = worked.find((job) => !jobs.includes(job));
  if (stranger) throw refuse(`Job ${stranger.name} has a worker and is not in the catalogue.`);
  const twice = worked.find((job, index) => worked.indexOf(job) !== index);
  if (twice) throw refuse(`Job ${twice.name} has more than one worker.`);
  const missing = jobs.filter((job) => !worked.includes(job)).map(({ name }) => name);
  if (worked.length > 0 && missing.length > 0) throw refuse(`Nobody works on ${missing.join(', ')}.`);
}

function refuse(internal: string): AppError {
  return new AppError('internal', { internal });
}
