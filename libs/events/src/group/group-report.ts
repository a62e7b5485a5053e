import type { DeadLetterReason } from '../dead-letter.ts';

/** What a group has to say, for metrics and logs. */
export type GroupReport =
  | {
      readonly kind: 'poll';
      readonly group: string;
      readonly read: number;
      readonly duplicates: number;
      /** From the append of the last event to its reading; 0 when nothing was read. */
      readonly lagMs: number;
      /** How long one transaction has held up the reading; an alarm from 10 s on. Only of groups that read the log. */
      readonly horizonAgeMs?: number;
    }
  | { readonly kind: 'failed'; readonly group: string; readonly error: unknown; readonly isStorage: boolean }
  | {
      readonly kind: 'dead_letter';
      readonly group: string;
      /** Absent when the record said nothing readable of itself. */
      readonly eventId?: string;
      readonly reason: DeadLetterReason;
      readonly error: unknown;
    };
