import { ConfigError } from '@universal-api/config';
import { UnreachableError } from './auth/unreachable-error.ts';
import { UsageError } from './words/parse-words.ts';

/** How a command ended, as its exit code. */
export const exitCodes = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** One of those ends. */
export type End = keyof typeof exitCodes;

/** Codes of the system, and SQLSTATE classes 08 and 57P: there is nobody to speak to. */
const awayCode =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08...|57P..)$/;
/** Errors without a code: the clients' own words, and a deadline. */
const awayText = /^(timeout expired|Connection terminated|Query read timeout)/;
const awayName = /^(TimeoutError|KafkaJSConnection\w*Error|KafkaJSBrokerNotFound|KafkaJSRequestTimeoutError)$/;

/** What is read of anything thrown; by its fields, as errors of the system are of no class of ours. */
interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  /** The system gives one error for several addresses of a name. */
  readonly errors?: unknown;
}

/** Anything thrown → how the command ended; what caused it is looked at too. */
export function endOf(thrown: unknown): Exclude<End, 'done'> {
  if (thrown instanceof UsageError || thrown instanceof ConfigError) return 'usage';
  return thrown instanceof UnreachableError || isAway(thrown) ? 'unreachable' : 'refused';
}

function isAway(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { name, message, code, syscall, cause, errors } = thrown as Thrown;
  return (
    awayCode.test(String(code)) ||
    (code === 'ENOENT' && syscall === 'connect') ||
    awayName.test(String(name)) ||
    awayText.test(String(message)) ||
    (Array.isArray(errors) && errors.some(isAway)) ||
    isAway(cause)
  );
}
