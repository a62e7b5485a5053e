import { AppError } from '@universal-api/errors';

/** Wait between tries while storage or a broker is away, ms: doubled from the first to the most. */
export const awayRetryMs = { first: 300, most: 30_000 } as const;

/** Tries of a single record that its handler refuses, before it is set aside. */
export const maxRecordFailures = 5;

/** SQLSTATE classes 40 (rolled back for another's sake) and 55P03 (a lock not had): the next try may pass. */
const passing = /^(40...|55P03)$/;

/** Whether storage failed, and not what was to be stored. */
export function isStorageFailure(error: unknown): boolean {
  if (AppError.is(error)) return error.code === 'service_unavailable' || error.code === 'deadline_exceeded';
  return passing.test(sqlStateOf(error));
}

/** PostgreSQL's code of an error; empty for any other. */
export function sqlStateOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
