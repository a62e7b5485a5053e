import type { Database } from '@universal-api/database';
import { type DeadLetterReason, reasonOf, writeDeadLetter } from '../dead-letter.ts';
import type { Subscription } from '../event-bus.ts';
import type { Event } from '../event.ts';
import { type BatchStage, isOfRecord } from '../group/storage-failure.ts';
import { takeIn } from '../group/take-in.ts';
import { recordInInbox } from '../inbox.ts';
import { toEnvelope } from '../kafka/cloud-event-headers.ts';
import { type CursorName, holdCursor, isEmptyMoveDue, moveCursor } from './hold-cursor.ts';
import type { LogSource } from './insert-events.ts';
import { type Page, readLog } from './read-log.ts';

/** Where batches are worked on. */
export interface BatchParts<Tables> {
  /** Pool of the consuming schema's `_ingest`, which has the rights of `events_ingest`. */
  readonly database: Pick<Database<Tables>, 'instance'>;
  readonly source: LogSource;
  /** Says in `cursors` who moved one: host and pid. */
  readonly owner: string;
  /** Added to the clock of the database; for tests alone. */
  readonly clockOffsetMs?: number;
}

/** How a batch ended. */
export type BatchOutcome =
  /** Another process has the group. */
  | { readonly kind: 'elsewhere' }
  | {
      readonly kind: 'done';
      readonly read: number;
      readonly fresh: number;
      readonly isFull: boolean;
      readonly lagMs: number;
      /** Id of the oldest open transaction; undefined when none was. */
      readonly heldBy: bigint | undefined;
    }
  /** Nothing has changed; `events` were in the batch, none when it failed before they were read. */
  | {
      readonly kind: 'failed';
      readonly error: unknown;
      readonly events: readonly Event[];
      readonly isStorage: boolean;
    };

/** One batch of a group, in one transaction: cursor, page, locks, inbox, effect, cursor. Does not throw. */
export async function runBatch<Tables>(
  parts: BatchParts<Tables>,
  subscription: Subscription<Tables>,
  limit: number,
): Promise<BatchOutcome> {
  const name = nameOf(parts, subscription);
  let page: Page | undefined;
  let stage: BatchStage = 'own';
  try {
    return await parts.database.instance(async (tx) => {
      const held = await holdCursor(tx, name);
      if (!held) return { kind: 'elsewhere' };
      page = await readLog(tx, { ...name, after: held.place, topics: subscription.topics, limit });
      const { events, next } = page;
      stage = 'intake';
      const fresh = events.length > 0 ? await takeIn(tx, subscription, events) : [];
      stage = 'effect';
      if (fresh.length > 0) await subscription.handle(tx, fresh);
      stage = 'own';
      if (events.length > 0 || isEmptyMoveDue(held)) await moveCursor(tx, name, next, parts.owner);
      // A constraint that waits for the commit is the effect's again.
      if (events.length > 0) stage = 'effect';
      return {
        kind: 'done',
        read: events.length,
        fresh: fresh.length,
        isFull: events.length === limit,
        lagMs: page.lagMs,
        heldBy: page.isHeld ? page.horizon : undefined,
      };
    });
  } catch (error) {
    return { kind: 'failed', error, events: page?.events ?? [], isStorage: !isOfRecord(error, stage) };
  }
}

/**
 * Sets the next record of a group aside as a dead letter and moves on, in one transaction; gives back why. Undefined when it is
 * not that record any more, since another process has taken the group meanwhile.
 */
export async function setAside<Tables>(
  parts: BatchParts<Tables>,
  subscription: Subscription<Tables>,
  eventId: string,
  error: unknown,
): Promise<DeadLetterReason | undefined> {
  const name = nameOf(parts, subscription);
  return parts.database.instance(async (tx) => {
    const held = await holdCursor(tx, name);
    if (!held) return undefined;
    const page = await readLog(tx, { ...name, after: held.place, topics: subscription.topics, limit: 1 });
    const [event] = page.events;
    if (event?.id !== eventId) return undefined;
    const reason = reasonOf(error);
    // Noted as received, so that no redelivery makes a second letter of it.
    if (reason !== 'too_old') await recordInInbox(tx, subscription.group, [event]);
    await writeDeadLetter(tx, {
      consumer: subscription.group,
      reason,
      envelope: toEnvelope(event),
      origin: { source: parts.source, xid: page.next.xid, position: String(event.position) },
      bytes: page.bytesOf(0),
      error,
    });
    await moveCursor(tx, name, page.next, parts.owner);
    return reason;
  });
}

function nameOf<Tables>(parts: BatchParts<Tables>, { group }: Subscription<Tables>): CursorName {
  const { source, clockOffsetMs = 0 } = parts;
  return { group, source, clockOffsetMs };
}
