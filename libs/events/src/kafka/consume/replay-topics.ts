import type { Database, Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { Admin, Consumer, EachBatchPayload } from 'kafkajs';
import type { Subscription } from '../../event-bus.ts';
import type { GroupReport } from '../../group/group-report.ts';
import type { KafkaClient } from '../create-kafka-client.ts';
import { createChunkSizes } from './chunk-sizes.ts';
import type { RecordPlace } from './read-record.ts';
import { createRests } from './rest-partitions.ts';
import { runConsumer } from './run-consumer.ts';
import { workOffBatch } from './work-off-batch.ts';

/** How far a partition has been replayed: the last record that had its effect. */
export type ReplayPlace = Pick<RecordPlace, 'topic' | 'partition' | 'offset'>;

/** Parts of a replay. */
export interface ReplayParts<Tables> {
  readonly client: KafkaClient;
  /** Pool of the consuming schema's `_ingest`. */
  readonly database: Pick<Database<Tables>, 'instance'>;
  /** What is rebuilt; `group` is the consumer that it is rebuilt for. */
  readonly subscription: Subscription<Tables>;
  /** Names the replay: the same id goes on where it ended, `[a-z0-9-]{1,60}`. */
  readonly id: string;
  /** Records from this time of theirs on. */
  readonly from: Date;
  /** Progress in the consumer's own schema; absent: a replay that was cut off reads all again, and its inbox keeps the effects single. */
  readonly progress?: {
    load(): Promise<readonly ReplayPlace[]>;
    save(tx: Transaction<Tables>, place: ReplayPlace): Promise<void>;
  };
  /** Ends it before its end. */
  readonly signal?: AbortSignal;
  readonly report?: (report: GroupReport) => void;
  /** What every wait is multiplied with; for tests alone. */
  readonly waitFactor?: number;
}

/** How a replay ended. */
export interface ReplayResult {
  /** Whether all that was there at its start has been read. */
  readonly isComplete: boolean;
  readonly read: number;
  readonly duplicates: number;
}

/** `next` is read next; `end` was not there yet when the replay began. */
interface Range {
  readonly topic: string;
  readonly partition: number;
  next: bigint;
  readonly end: bigint;
}

/**
 * Reads topics again from a time to where they end now, for a consumer that is rebuilt: under a group of its own that commits
 * nothing, with an inbox of its own (`replay:<id>`), so that the running consumer is not touched. Groups and effects as in the law
 * of `EventBus`. Errors: `internal` for a malformed id, kafkajs's own while no broker can be reached at the start.
 */
export async function replayTopics<Tables>(parts: ReplayParts<Tables>): Promise<ReplayResult> {
  const { client, subscription, id } = parts;
  if (!/^[a-z0-9-]{1,60}$/.test(id)) throw new AppError('internal', { internal: `"${id}" is no id of a replay.` });
  const groupId = client.groupName(`${subscription.group}.replay.${id}`);
  const admin = client.admin();
  await admin.connect();
  try {
    const ranges = await findRanges(admin, parts);
    const counts = { read: 0, duplicates: 0 };
    if (!isAtEnd(ranges)) await readRanges(parts, groupId, ranges, counts);
    // A group that never committed may be gone already.
    await admin.deleteGroups([groupId]).catch(() => {});
    return { isComplete: isAtEnd(ranges), ...counts };
  } finally {
    await admin.disconnect();
  }
}

const isAtEnd = (ranges: readonly Range[]) => ranges.every(({ next, end }) => next >= end);

async function findRanges<Tables>(admin: Admin, parts: ReplayParts<Tables>): Promise<Range[]> {
  const { client, subscription, from, progress } = parts;
  const done = new Map((await progress?.load())?.map((place) => [`${place.topic} ${place.partition}`, place.offset]));
  const ranges: Range[] = [];
  for (const topic of subscription.topics.map((name) => client.topicName(name))) {
    const ends = await admin.fetchTopicOffsets(topic);
    const starts = new Map(
      (await admin.fetchTopicOffsetsByTimestamp(topic, from.getTime())).map(({ partition, offset }) => [
        partition,
        BigInt(offset),
      ]),
    );
    for (const { partition, high } of ends) {
      const end = BigInt(high);
      const start = starts.get(partition) ?? end;
      const saved = BigInt(done.get(`${topic} ${partition}`) ?? -1) + 1n;
      ranges.push({ topic, partition, next: saved > start ? saved : start, end });
    }
  }
  return ranges;
}

async function readRanges<Tables>(
  parts: ReplayParts<Tables>,
  groupId: string,
  ranges: readonly Range[],
  counts: { read: number; duplicates: number },
): Promise<void> {
  const { client, database, progress, signal, report, waitFactor = 1 } = parts;
  const ended = Promise.withResolvers<void>();
  const subscription = { ...parts.subscription, group: `replay:${parts.id}` };
  const fail = (error: unknown, isStorage: boolean) =>
    report?.({ kind: 'failed', group: subscription.group, error, isStorage });
  const rests = createRests(waitFactor, (error) => fail(error, false));
  const work = {
    database,
    subscription,
    savePlace: progress && ((tx: Transaction<Tables>, place: ReplayPlace) => progress.save(tx, place)),
    topicOf: (name: string) => client.topicOf(name) ?? name,
    report: (told: GroupReport) => {
      if (told.kind === 'poll') {
        counts.read += told.read;
        counts.duplicates += told.duplicates;
      }
      report?.(told);
    },
    rest: rests.begin,
    onStored: rests.reset,
    sizes: createChunkSizes(),
    waitFactor,
  };
  const consumer = runConsumer({
    createConsumer: () => seekOnJoin(client.consumer(groupId), ranges),
    topics: [...new Set(ranges.map(({ topic }) => topic))],
    eachBatch: async (payload, generation) => {
      const range = ranges.find(
        (one) => one.topic === payload.batch.topic && one.partition === payload.batch.partition,
      );
      if (range) await rests.guard(payload, () => workOffBatch(work, within(range, payload), generation));
      if (isAtEnd(ranges)) ended.resolve();
    },
    onCrash: (error) => fail(error, true),
    waitFactor,
  });
  const stop = () => ended.resolve();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  await ended.promise;
  signal?.removeEventListener('abort', stop);
  await consumer.stop();
  rests.clear();
}

/** At every joining, since nothing is committed and a group without offsets begins with the oldest record. */
function seekOnJoin(consumer: Consumer, ranges: readonly Range[]): Consumer {
  consumer.on(consumer.events.GROUP_JOIN, () => {
    for (const { topic, partition, next } of ranges) consumer.seek({ topic, partition, offset: String(next) });
  });
  return consumer;
}

/** A batch of which only the records of the range are seen, and of which nothing is committed. */
function within(range: Range, payload: EachBatchPayload): EachBatchPayload {
  const { batch } = payload;
  const messages = batch.messages.filter(({ offset }) => BigInt(offset) >= range.next && BigInt(offset) < range.end);
  if (messages.length === 0) payload.resolveOffset(batch.lastOffset());
  return {
    ...payload,
    batch: Object.assign(Object.create(batch) as typeof batch, { messages }),
    resolveOffset(offset) {
      range.next = BigInt(offset) + 1n;
      payload.resolveOffset(offset);
    },
    commitOffsetsIfNecessary: async () => {},
  };
}
