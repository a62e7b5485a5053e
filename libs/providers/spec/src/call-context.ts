/** What one attempt at a provider is given beside the question. */
export interface CallContext {
  /** Aborted when the attempt's time is over or the caller left; every wait of a provider ends with it. */
  readonly signal: AbortSignal;
  /** When the attempt's time is over, ms since the epoch. */
  readonly deadlineAt: number;
  /** Language wanted (BCP 47). */
  readonly language: string;
  /** W3C Trace Context header of the call, if it has one. */
  readonly traceparent?: string;
  /** Says that the answer is less than was asked. */
  degrade(code: string, detail: string, from?: string, to?: string): void;
  /** Says until when the upstream lets this answer count as fresh, ms since the epoch. */
  expiresAt(time: number): void;
}
