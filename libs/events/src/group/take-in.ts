import type { Transaction } from '@universal-api/database';
import { PoisonRecord } from '../dead-letter.ts';
import type { Subscription } from '../event-bus.ts';
import type { Event } from '../event.ts';
import { recordInInbox } from '../inbox.ts';
import { lockSubjects } from '../log/lock-subject.ts';
import { sqlStateOf } from './storage-failure.ts';

/**
 * The beginning of every batch, on every bus: locks, then the inbox. Gives back the events that have not had their effect yet.
 * Errors: `PoisonRecord` `too_old` when the inbox has no partition for the day of an id: it would be worked on again at each
 * redelivery; `handler_error` when `subjectsOf` throws.
 */
export async function takeIn<Tables>(
  tx: Transaction<Tables>,
  { group, subjectsOf }: Subscription<Tables>,
  events: readonly Event[],
): Promise<Event[]> {
  if (events.length === 0) return [];
  if (subjectsOf) await lockSubjects(tx, readSubjects(subjectsOf, events));
  return recordInInbox(tx, group, events).catch(refuseTooOld);
}

function readSubjects(
  subjectsOf: NonNullable<Subscription['subjectsOf']>,
  events: readonly Event[],
): readonly string[] {
  try {
    return subjectsOf(events);
  } catch (error) {
    if (error instanceof PoisonRecord) throw error;
    throw new PoisonRecord('handler_error', 'its subjects cannot be told', error);
  }
}

function refuseTooOld(error: unknown): never {
  if (sqlStateOf(error) !== '23514') throw error;
  throw new PoisonRecord('too_old', 'the id is from before the first day of the inbox, or from far ahead', error);
}
