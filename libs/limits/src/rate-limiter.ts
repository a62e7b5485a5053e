/** What one call takes from one bucket. */
export interface Charge {
  /** Name of the policy, lower case with hyphens, such as `lookup-min`. */
  readonly policy: string;
  /** Whose bucket of that policy: key lineage, user, tenant or IP partition. */
  readonly partition: string;
  /** Tenant whose bucket it is: keeps the buckets of one decision together in a store. The same for each charge of a bucket. */
  readonly tenant?: string;
  /** Units allowed in each window; whole, at least 1. */
  readonly q: number;
  /** Window, whole seconds, at least 1. */
  readonly windowS: number;
  /** Units allowed at once; `q` unless told. */
  readonly burst?: number;
  /** Units taken: whole; 0 = only look. */
  readonly cost: number;
  /**
   * `log`: each unit is remembered with its time, so that **any** window admits at most `q`, which takes memory for `q` times;
   * for `q` up to 100, without `burst`. Absent: the rate alone is kept. A policy is of one kind for ever.
   */
  readonly kind?: 'log';
}

/** Where a caller stands with one policy after a decision. Named as the parameters of the header fields. */
export interface PolicyState {
  readonly name: string;
  readonly q: number;
  /** Window, seconds. */
  readonly w: number;
  /** Units that would be admitted now. */
  readonly r: number;
  /** Time until `r` grows, µs; 0 when nothing is used. */
  readonly t: number;
  /** Time until this charge would be admitted, µs; above 0 exactly for the policies that refused. */
  readonly wait: number;
}

/** Whether a call may go on, and why not. */
export interface Decision {
  readonly admitted: boolean;
  /** One per charge, in the same order. */
  readonly policies: readonly PolicyState[];
  /** Names of the policies that refused; empty if admitted. */
  readonly violated: readonly string[];
  /** When it was made, µs of the limiter's own clock; for `refund`. */
  readonly atUs: number;
}

/**
 * Counts calls against rate policies (platform.md 2.2). The law, proved by the exported suite and its vectors:
 *
 * - One decision is atomic over all its charges: every bucket is charged, or, if any policy refuses, none.
 * - In any span `e` a bucket admits at most `burst + floor(e / T)` units, `T` = window / q rounded up to a µs.
 * - Of kind `log`: any window, open at its beginning, admits at most `q`; a unit counts until a window after it was taken.
 * - Buckets hang on policy and partition alone. A policy whose numbers change keeps what is used up, in time.
 * - The charges of one decision are of different buckets.
 */
export interface RateLimiter {
  /** Errors: `AppError` `invalid_request` if a cost exceeds its burst and so could never be admitted; nothing is charged. */
  decide(charges: readonly Charge[]): Promise<Decision>;
  /**
   * Gives back what an admitted decision took; one that refused took nothing. What its buckets regained by themselves since
   * then is not given twice, so that no caller ever has more than if the charge had never been.
   */
  refund(charges: readonly Charge[], decision: Decision): Promise<void>;
}
