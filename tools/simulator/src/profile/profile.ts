/** A kind of fault: a case of the fixtures, or no answer at all. */
export type FaultKind = 'rate-limited' | 'server-error' | 'unauthorised' | 'malformed' | 'timeout' | `notice-${string}`;

/** How an upstream behaves. Parts that are absent are those of a less specific profile. */
export interface Profile {
  /** Time to the answer, ms: half of the answers come within `p50Ms`, nine in ten within `p90Ms`. */
  readonly latency?: { readonly p50Ms: number; readonly p90Ms: number };
  /** Some answers come that much later, ms. */
  readonly stall?: { readonly probability: number; readonly ms: number };
  /** Each holds: at most `limit` answers in each window, which begin on the clock (UTC). */
  readonly quotas: readonly SimulatedQuota[];
  /** What goes wrong instead of an answer; the probabilities add up to 1 at most. */
  readonly faults: readonly { readonly kind: FaultKind; readonly probability: number }[];
}

/** One allowance of a simulated provider. */
export interface SimulatedQuota {
  readonly limit: number;
  readonly windowS: number;
}
