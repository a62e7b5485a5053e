/** What the relay has to say, for metrics and logs. */
export type RelayReport =
  /** Whether this process is the one that sends, whenever that changes. */
  | { readonly kind: 'leads'; readonly isLeader: boolean }
  | {
      readonly kind: 'sent';
      /** Events; 0 when there was nothing to send. */
      readonly count: number;
      /** From the append of the last event to its acknowledgement; 0 when nothing was sent. */
      readonly lagMs: number;
      /** How long one transaction has held up the reading. */
      readonly horizonAgeMs: number;
    }
  | { readonly kind: 'dead_letters'; readonly count: number }
  | {
      readonly kind: 'failed';
      readonly error: unknown;
      /** Age of the first event that waits; 0 when it is not known. */
      readonly lagMs: number;
      /** Until the next try. */
      readonly waitMs: number;
    };
