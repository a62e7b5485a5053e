import type { Transaction } from '@universal-api/database';
import type { Event } from './event.ts';
import type { Topic } from './catalogue/define-event.ts';

/** What a group reads, and what it does with it. */
export interface Subscription<Tables = unknown> {
  /** Name of the group and, in the inbox, of the consumer: `webhook.fanout`. */
  readonly group: string;
  readonly topics: readonly Topic[];
  /**
   * Subjects that the effect of these events writes events about: locked before anything else (`webhooks.md` 4.2), since a
   * consumer that is a producer too has to keep the order per subject. Absent: none.
   */
  readonly subjectsOf?: (events: readonly Event[]) => readonly string[];
  /**
   * The effect: everything it writes goes through `tx`. Called again with the same events, or with parts of them, after any
   * failure. What it does outside of `tx` has to bear that.
   */
  readonly handle: (tx: Transaction<Tables>, events: readonly Event[]) => Promise<void>;
}

/** A group that runs. */
export interface RunningGroup {
  /** Ends when the batch in work has ended; no call of `handle` follows. */
  stop(): Promise<void>;
}

/**
 * Where consumers get events from: the log itself, or Kafka. The law, on every adapter:
 *
 * 1. **Every event of a committed transaction comes to each group**, whatever dies in between, and none of a transaction that
 *    was rolled back. A slow transaction's events come later; they are never skipped.
 * 2. **Order**: events of one subject come in the order of their transactions' commits, if their type is `ordered`. Between
 *    subjects there is no order.
 * 3. **Redelivery**: a record may come any number of times; its effect happens once. The bus writes (consumer, event id) to the
 *    `inbox` of the consuming schema first thing in the transaction of the effect, and hands over only what was not there. So
 *    the schema has an inbox (`templates/inbox.sql`), and switching between adapters repeats nothing.
 * 4. **One transaction per batch**: locks, inbox, effect and place commit together or not at all. Batches have at most 500
 *    events and are made smaller when one takes over a second, since an open transaction holds up every reader.
 * 5. **Failure**: a batch whose `handle` throws is rolled back and cut in half until the record is found that fails alone. After
 *    5 failures, at once for a `PoisonRecord`, that record becomes a dead letter with its bytes, in the transaction that moves
 *    on. While storage is away (`service_unavailable`, `deadline_exceeded`, deadlocks) nothing counts: the batch waits, with
 *    0.3 to 30 s between tries, and comes again with half as many events after `deadline_exceeded`.
 * 6. **One at a time**: of all processes that run a group, one works on it; when it dies another takes over.
 * 7. A new group begins with the oldest event that is kept.
 */
export interface EventBus<Tables = unknown> {
  /** Starts a group; it runs until it is stopped. */
  subscribe(subscription: Subscription<Tables>): RunningGroup;
}

/** Events of a batch, at most. */
export const maxBatchEvents = 500;
