import type { Database, Transaction } from '@universal-api/database';
import { type DeadLetter, writeDeadLetter } from '../../dead-letter.ts';
import type { Subscription } from '../../event-bus.ts';
import { type BatchStage, isDataFailure, isOfRecord } from '../../group/storage-failure.ts';
import { takeIn } from '../../group/take-in.ts';
import { recordInInbox } from '../../inbox.ts';
import { type ReadRecord, type RecordPlace, toDeadLetter } from './read-record.ts';

/** Where chunks are worked on. */
export interface ChunkParts<Tables> {
  /** Pool of the consuming schema's `_ingest`. */
  readonly database: Pick<Database<Tables>, 'instance'>;
  readonly subscription: Subscription<Tables>;
  /** Notes in the same transaction how far the partition has been read. */
  readonly savePlace?: ((tx: Transaction<Tables>, last: RecordPlace) => Promise<void>) | undefined;
}

/** How a chunk ended. */
export type ChunkOutcome =
  | {
      readonly kind: 'done';
      readonly duplicates: number;
      /** Those that were written now. */
      readonly letters: readonly DeadLetter[];
    }
  /** Nothing has changed. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly isStorage: boolean };

/**
 * A part of a batch in one transaction: locks, inbox, dead letters of what is no event, effect. Does not throw.
 */
export async function workOffChunk<Tables>(
  { database, subscription, savePlace }: ChunkParts<Tables>,
  records: readonly ReadRecord[],
): Promise<ChunkOutcome> {
  const events = records.flatMap(({ event }) => event ?? []);
  const unread = records.filter(({ event }) => event === undefined);
  let stage: BatchStage = 'own';
  try {
    return await database.instance(async (tx) => {
      stage = 'intake';
      const fresh = await takeIn(tx, subscription, events);
      const letters: DeadLetter[] = [];
      for (const record of unread) {
        const letter = toDeadLetter(subscription.group, record, record.error);
        if (await writeDeadLetter(tx, letter)) letters.push(letter);
      }
      stage = 'own';
      const last = records.at(-1);
      if (last) await savePlace?.(tx, last.place);
      // From here on also for a constraint that waits for the commit.
      if (fresh.length > 0) stage = 'effect';
      if (fresh.length > 0) await subscription.handle(tx, fresh);
      return { kind: 'done', duplicates: events.length - fresh.length, letters };
    });
  } catch (error) {
    return { kind: 'failed', error, isStorage: !isOfRecord(error, stage) };
  }
}

/**
 * Sets a record aside as a dead letter, noted as received; without its headers when PostgreSQL cannot hold them. Undefined when it
 * had been before. Errors: those of the database.
 */
export async function setRecordAside<Tables>(
  parts: ChunkParts<Tables>,
  record: ReadRecord,
  error: unknown,
): Promise<DeadLetter | undefined> {
  const letter = toDeadLetter(parts.subscription.group, record, error);
  try {
    return await writeAside(parts, record, letter);
  } catch (failure) {
    if (!isDataFailure(failure)) throw failure;
    return writeAside(parts, record, { ...letter, envelope: { ...letter.envelope, headers: {} } });
  }
}

function writeAside<Tables>(
  { database, subscription, savePlace }: ChunkParts<Tables>,
  record: ReadRecord,
  letter: DeadLetter,
): Promise<DeadLetter | undefined> {
  return database.instance(async (tx) => {
    await savePlace?.(tx, record.place);
    // Another process may have had its effect meanwhile: then there is nothing to set aside.
    if (record.event && letter.reason !== 'too_old') {
      const [isFresh] = await recordInInbox(tx, subscription.group, [record.event]);
      if (!isFresh) return undefined;
    }
    return (await writeDeadLetter(tx, letter)) ? letter : undefined;
  });
}
