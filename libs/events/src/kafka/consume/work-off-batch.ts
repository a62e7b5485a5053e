import type { EachBatchPayload } from 'kafkajs';
import { setTimeout } from 'node:timers/promises';
import { type DeadLetter, PoisonRecord } from '../../dead-letter.ts';
import type { GroupReport } from '../../group/group-report.ts';
import { isTooSlow, maxRecordFailures } from '../../group/storage-failure.ts';
import type { ChunkSizes } from './chunk-sizes.ts';
import { type ReadRecord, readRecord } from './read-record.ts';
import { type ChunkParts, setRecordAside, workOffChunk } from './work-off-chunk.ts';

/** What batches of a group share. */
export interface BatchWork<Tables> extends ChunkParts<Tables> {
  /** The topic's name in the catalogue. */
  readonly topicOf: (name: string) => string;
  readonly report: (report: GroupReport) => void;
  /** Lets the partition rest after a failure of storage, and goes on with it by itself. */
  readonly rest: (payload: EachBatchPayload) => void;
  /** Storage works: the next rest is a short one again. */
  readonly onStored: () => void;
  readonly sizes: ChunkSizes;
  readonly waitFactor: number;
}

const recordRetryMs = 50;

/**
 * Works a fetched batch off in chunks: each has its transaction, then its offset is committed and the group is told that we
 * live. Ends early, after the last committed chunk, when the group stops, is rebalanced or is sent elsewhere, or storage is away.
 *
 * Errors: only those of kafkajs, by which it knows that the group changes; nothing for what is in a record.
 */
export async function workOffBatch<Tables>(
  work: BatchWork<Tables>,
  payload: EachBatchPayload,
  generation: () => number,
): Promise<void> {
  const { batch } = payload;
  const born = generation();
  const isOurs = () => payload.isRunning() && !payload.isStale() && generation() === born;
  const topic = work.topicOf(batch.topic);
  const size = work.sizes(batch.topic, batch.partition);
  let failures = 0;
  let at = 0;

  const commit = async (count: number) => {
    at += count;
    failures = 0;
    const last = batch.messages[at - 1];
    // After a rebalance the offsets are another assignment's; the inbox knows what was done.
    if (!last || generation() !== born) return;
    payload.resolveOffset(last.offset);
    // Without the argument nothing is committed when offsets are committed by hand.
    await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
    await payload.heartbeat();
  };

  while (at < batch.messages.length && isOurs()) {
    const records = batch.messages
      .slice(at, at + size.current())
      .map((message) => readRecord(topic, { ...message, topic: batch.topic, partition: batch.partition }, message));
    const begun = performance.now();
    const outcome = await workOffChunk(work, records);
    if (outcome.kind === 'done') {
      work.onStored();
      size.afterDone(records.length, performance.now() - begun);
      tell(work, records, outcome.duplicates, outcome.letters);
      await commit(records.length);
      continue;
    }
    const isAside = outcome.isStorage ? 'away' : await afterFailure(work, records, outcome.error, ++failures);
    if (isAside === 'away') {
      if (isTooSlow(outcome.error)) size.afterFailure(records.length);
      work.report({ kind: 'failed', group: work.subscription.group, error: outcome.error, isStorage: true });
      work.rest(payload);
      return;
    }
    if (isAside) await commit(1);
    else size.afterFailure(records.length);
    if (records.length > 1) failures = 0;
    if (generation() === born) await payload.heartbeat();
  }
}

/** After a failure that is the fault of a record: whether the one there was has been set aside. */
async function afterFailure<Tables>(
  work: BatchWork<Tables>,
  records: readonly ReadRecord[],
  error: unknown,
  failures: number,
): Promise<boolean | 'away'> {
  const { group } = work.subscription;
  work.report({ kind: 'failed', group, error, isStorage: false });
  const [record] = records;
  if (!record || records.length > 1) return false;
  if (failures < maxRecordFailures && !(error instanceof PoisonRecord)) {
    await setTimeout(recordRetryMs * 2 ** failures * work.waitFactor);
    return false;
  }
  try {
    const letter = await setRecordAside(work, record, error);
    if (letter) tellLetter(work, letter);
    return true;
  } catch {
    // Storage, and nothing but storage: the error of the record is told by the caller.
    return 'away';
  }
}

function tell<Tables>(
  { report, subscription: { group } }: BatchWork<Tables>,
  records: readonly ReadRecord[],
  duplicates: number,
  letters: readonly DeadLetter[],
): void {
  const last = records.findLast(({ event }) => event !== undefined)?.event;
  const lagMs = last ? Math.max(0, Date.now() - last.time.getTime()) : 0;
  report({ kind: 'poll', group, read: records.length, duplicates, lagMs });
  for (const letter of letters) tellLetter({ report, subscription: { group } }, letter);
}

function tellLetter(
  { report, subscription: { group } }: { report: (report: GroupReport) => void; subscription: { group: string } },
  { reason, error, envelope: { eventId } }: DeadLetter,
): void {
  report({ kind: 'dead_letter', group, reason, error, ...(eventId !== undefined && { eventId }) });
}
