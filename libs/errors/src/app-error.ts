import { errorCodes, type ErrorCode } from './error-codes.ts';
import type { ProblemDetails } from './problem.ts';

const marker = Symbol.for('universal-api.app-error');

/** How an `AppError` is made, beside its code. */
export interface AppErrorOptions extends ProblemDetails {
  /** For logs only: what really happened. Never leaves the installation. */
  readonly internal?: string;
  readonly cause?: unknown;
  /** Public headers that belong to the answer, in lower case; of those that a service may set, they reach the caller. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The one error class of the product. `code` is from the registry, `details` is public, `message` is internal.
 * Known by a marker instead of `instanceof`, so that two copies of the class still know each other.
 */
export class AppError extends Error {
  readonly [marker] = true;
  readonly code: ErrorCode;
  readonly details: ProblemDetails;
  readonly headers?: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const { internal, cause, headers, ...details } = options;
    super(internal ?? details.detail ?? errorCodes[code].title, { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
    if (headers) this.headers = headers;
  }

  /** Any thrown value as an `AppError`; what is not one becomes `internal` and keeps its text out of `details`. */
  static from(thrown: unknown): AppError {
    if (AppError.is(thrown)) return thrown;
    const internal = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return new AppError('internal', { internal, cause: thrown });
  }

  /** Whether a value is an `AppError`, of this copy of the class or another. */
  static is(value: unknown): value is AppError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
