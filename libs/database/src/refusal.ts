import { AppError } from '@universal-api/errors';

/**
 * Why a start, a migration or a connection is refused: one sentence for the operator in `message`, nothing of it public.
 * Code `service_unavailable`, since a caller who meets it can only come back later.
 */
export function refusal(sentence: string, cause?: unknown): AppError {
  return new AppError('service_unavailable', { internal: sentence, cause });
}

/** The text of anything thrown, for the end of a sentence. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The code of a thrown value: SQLSTATE from PostgreSQL, `E…` from the system, empty when there is none. */
export function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return typeof thrown.code === 'string' ? thrown.code : '';
}
