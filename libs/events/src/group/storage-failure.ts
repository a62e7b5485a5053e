import { AppError } from '@universal-api/errors';
import { PoisonRecord } from '../dead-letter.ts';

/** Wait between tries while storage or a broker is away, ms: doubled from the first to the most. */
export const awayRetryMs = { first: 300, most: 30_000 } as const;

/** Tries of a single record that its handler refuses, before it is set aside. */
export const maxRecordFailures = 5;

/** SQLSTATE classes 40 (rolled back for another's sake) and 55P03 (a lock not had): the next try may pass. */
const passing = /^(40...|55P03)$/;

/** Whether storage failed, and not what was to be stored. */
function isStorageFailure(error: unknown): boolean {
  if (AppError.is(error)) return error.code === 'service_unavailable' || error.code === 'deadline_exceeded';
  return passing.test(sqlStateOf(error));
}

/**
 * Where a transaction was when it failed: in what the bus does for itself, in taking records in (locks, inbox, dead letters), or
 * in the effect.
 */
export type BatchStage = 'own' | 'intake' | 'effect';

/** Whether a failure is the fault of a record in the batch, and not of storage. */
export function isOfRecord(error: unknown, stage: BatchStage): boolean {
  if (error instanceof PoisonRecord) return true;
  if (stage === 'effect') return !isStorageFailure(error);
  return stage === 'intake' && isDataFailure(error);
}

/** Whether PostgreSQL refused what it was given and would do so for ever: SQLSTATE class 22, a text with NUL for one. */
export function isDataFailure(error: unknown): boolean {
  return /^22...$/.test(sqlStateOf(error));
}

/** Whether storage did not end in time: a smaller batch may. */
export function isTooSlow(error: unknown): boolean {
  return AppError.is(error) && error.code === 'deadline_exceeded';
}

/** PostgreSQL's code of an error; empty for any other. */
export function sqlStateOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
