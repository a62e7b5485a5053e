import type { FailureClass, FieldError } from '@universal-api/errors';

const marker = Symbol.for('universal-api.provider-failure');

/** How a `ProviderFailure` is made. */
export interface ProviderFailureOptions {
  /** Id of the provider that failed. */
  readonly provider: string;
  readonly failure: FailureClass;
  /** For logs only: what really happened, without secrets. Never leaves the installation. */
  readonly internal?: string;
  /** When the provider may be asked again, if it said so. */
  readonly until?: Date;
  /** Which fields of the question were wrong, for `caller_error`. */
  readonly fieldErrors?: readonly FieldError[];
  /** HTTP status of the upstream, if there was an answer. */
  readonly status?: number;
  readonly cause?: unknown;
}

/**
 * The only error a provider throws: one of the nine failure classes, by which alone the router decides.
 * Known by a marker instead of `instanceof`, so that two copies of the class still know each other.
 */
export class ProviderFailure extends Error {
  readonly [marker] = true;
  readonly provider: string;
  readonly failure: FailureClass;
  readonly until?: Date;
  readonly fieldErrors?: readonly FieldError[];
  readonly status?: number;

  constructor(options: ProviderFailureOptions) {
    super(options.internal ?? `${options.provider}: ${options.failure}`, { cause: options.cause });
    this.name = 'ProviderFailure';
    this.provider = options.provider;
    this.failure = options.failure;
    this.until = options.until;
    this.fieldErrors = options.fieldErrors;
    this.status = options.status;
  }

  /** Whether a value is a `ProviderFailure`, of this copy of the class or another. */
  static is(value: unknown): value is ProviderFailure {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
