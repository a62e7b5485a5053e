import { sql, type Transaction } from '@universal-api/database';
import { PoisonRecord } from './dead-letter.ts';
import type { Event } from './event.ts';

/**
 * Notes that a consumer has these events and gives back those it had not, in their order: only they have an effect. The first
 * write of a batch, after its locks, in the schema of the transaction's search path. The day in the key is that inside the
 * UUIDv7, so a redelivery in another week still finds its row.
 *
 * Errors: PostgreSQL's 23514 for an event from before the oldest partition (14 days); `PoisonRecord` `too_old` for an id whose day
 * no calendar of PostgreSQL's has.
 */
export async function recordInInbox<Tables>(
  tx: Transaction<Tables>,
  consumer: string,
  events: readonly Event[],
): Promise<Event[]> {
  if (events.length === 0) return [];
  const ids = events.map(({ id }) => id);
  const days = events.map(({ id }) => dayOfId(id));
  const { rows } = await sql<{ event_id: string }>`
    INSERT INTO inbox (consumer, event_day, event_id)
    SELECT ${consumer}, day, id FROM unnest(${days}::date[], ${ids}::uuid[]) AS had(day, id)
    ON CONFLICT DO NOTHING RETURNING event_id`.execute(tx);
  const fresh = new Set(rows.map(({ event_id }) => event_id));
  // Deleting: the same id twice in one batch is one event.
  return events.filter(({ id }) => fresh.delete(id));
}

/** 9999-12-31: later days have another spelling. */
const lastDayMs = Date.UTC(9999, 11, 31);

/** The UTC day in the first 48 bits of a UUIDv7, `2026-11-24`. Errors: `PoisonRecord` `too_old` for a day that is none. */
export function dayOfId(id: string): string {
  const time = timeOfId(id);
  if (time.getTime() > lastDayMs) throw new PoisonRecord('too_old', 'the id is from a day after the year 9999');
  return time.toISOString().slice(0, 10);
}

/** The time in the first 48 bits of a UUIDv7. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
