import { AppError } from '@universal-api/errors';
import { codeOf, reasonOf } from './refusal.ts';

/** What the system says when there is nobody to speak to. */
const lostConnection = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Messages of `pg` and `pg-pool`, which give these errors no code. */
const lostConnectionText =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|timeout expired|Cannot use a pool after calling end)/;

/** SQLSTATE classes 08 (connection), 53 (resources), 57P (operator: stopping, starting, killed) and 25P03, 25P04 (time in a transaction). */
const awayState = /^(08...|53...|57P..|25P03|25P04)$/;

const retryAfterS = 2;

/**
 * A failure of a query as this product says it: `service_unavailable` when PostgreSQL is away, `deadline_exceeded` when
 * it cancelled a statement that took too long. Anything else, an `AppError` too, is given back as it came.
 */
export function translateFailure(thrown: unknown): unknown {
  if (AppError.is(thrown)) return thrown;
  const code = codeOf(thrown);
  const isAway =
    lostConnection.has(code) ||
    awayState.test(code) ||
    (code === 'ENOENT' && isOfSocket(thrown)) ||
    (code === '' && lostConnectionText.test(reasonOf(thrown)));
  if (isAway) {
    return new AppError('service_unavailable', {
      retryAfterS,
      internal: `PostgreSQL is away: ${reasonOf(thrown)}`,
      cause: thrown,
    });
  }
  if (code === '57014') {
    return new AppError('deadline_exceeded', { internal: 'PostgreSQL cancelled a statement: too slow', cause: thrown });
  }
  return thrown;
}

/** `ENOENT` of a unix socket, not that of a file which `work` looked for. */
function isOfSocket(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'syscall' in thrown && thrown.syscall === 'connect';
}
