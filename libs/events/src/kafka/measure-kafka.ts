import type { Admin } from 'kafkajs';
import { topics } from '../catalogue/define-event.ts';
import { within } from '../group/within.ts';
import type { KafkaClient } from './create-kafka-client.ts';

/** What Kafka says of itself. */
export interface KafkaState {
  /** Topics of the catalogue that are not there. */
  readonly missing: readonly string[];
  /** Partitions of ours that nobody leads. */
  readonly leaderless: number;
  /** Records that each group of ours has not read, over all partitions that it has ever read. */
  readonly lagOf: ReadonlyMap<string, number>;
}

/** Asks a Kafka how it is. */
export interface KafkaGauge {
  /** Metadata of our topics, and the lag of our groups. Errors: kafkajs's own while no broker can be reached. */
  measure(): Promise<KafkaState>;
  /** Ends its connection, after the question that is still open if that is answered within 2 s. */
  close(): Promise<void>;
}

const closeMs = 2_000;

/** One connection for all questions, which is made anew after a failure; a question that is still open is shared. */
export function createKafkaGauge(client: KafkaClient): KafkaGauge {
  let admin: Admin | undefined;
  let asking: Promise<KafkaState> | undefined;

  const ask = async (): Promise<KafkaState> => {
    const open = (admin ??= client.admin('brief'));
    try {
      await open.connect();
      return await readState(client, open);
    } catch (error) {
      admin = undefined;
      // A broker that is away has nothing to be told.
      await open.disconnect().catch(() => {});
      throw error;
    }
  };
  // A connection that is being made while it is ended would stay.
  const end = async () => {
    await asking?.catch(() => {});
    const open = admin;
    admin = undefined;
    await open?.disconnect().catch(() => {});
  };
  return {
    measure: () => (asking ??= ask().finally(() => (asking = undefined))),
    close: async () => void (await within(closeMs, end())),
  };
}

async function readState(client: KafkaClient, admin: Admin): Promise<KafkaState> {
  const wanted = topics.map((topic) => client.topicName(topic));
  const there = new Set(await admin.listTopics());
  const present = wanted.filter((topic) => there.has(topic));
  const { topics: found } = await admin.fetchTopicMetadata({ topics: present });
  const leaderless = found.flatMap(({ partitions }) => partitions).filter(({ leader }) => leader < 0).length;
  return {
    missing: wanted.filter((topic) => !there.has(topic)),
    leaderless,
    lagOf: await readLags(client, admin, present),
  };
}

async function readLags(client: KafkaClient, admin: Admin, ours: readonly string[]): Promise<Map<string, number>> {
  const { groups } = await admin.listGroups();
  const names = groups.map(({ groupId }) => groupId).filter((group) => group.startsWith(`${client.prefix}.`));
  const lags = new Map<string, number>();
  if (names.length === 0) return lags;
  const ends = new Map<string, bigint>();
  for (const topic of ours) {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic))
      ends.set(`${topic}/${partition}`, BigInt(high));
  }
  for (const group of names) {
    let lag = 0n;
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics: [...ours] })) {
      for (const { partition, offset } of partitions) {
        const end = ends.get(`${topic}/${partition}`) ?? 0n;
        // -1: the group has never read it.
        if (BigInt(offset) >= 0n && end > BigInt(offset)) lag += end - BigInt(offset);
      }
    }
    lags.set(group, Number(lag));
  }
  return lags;
}
