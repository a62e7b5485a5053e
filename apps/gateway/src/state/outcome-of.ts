import { factsOf, isErrorCode } from '@universal-api/errors';

/** Whose doing the end of a call was (platform.md 4.1). */
export type OutcomeClass = 'ok' | 'degraded' | 'client' | 'limit' | 'auth' | 'provider' | 'us';

const byStatus: Readonly<Record<number, OutcomeClass>> = { 401: 'auth', 403: 'auth', 429: 'limit' };

/** The class of a finished call by its code: `ok`, or one of the registry. A code that nobody knows is our fault. */
export function outcomeOf(code: string, isDegraded: boolean): OutcomeClass {
  if (code === 'ok') return isDegraded ? 'degraded' : 'ok';
  if (!isErrorCode(code)) return 'us';
  const { status } = factsOf(code);
  if (status < 500) return byStatus[status] ?? 'client';
  return code.startsWith('provider_') || code === 'no_provider_available' ? 'provider' : 'us';
}
