import { AppError } from '@universal-api/errors';
import type { Admin, ITopicConfig } from 'kafkajs';
import { setTimeout } from 'node:timers/promises';
import { topics } from '../catalogue/define-event.ts';
import type { KafkaClient } from './create-kafka-client.ts';

/** How topics are made. */
export interface TopicSettings {
  /** `KAFKA_REPLICATION`; absent: 3, or as many as there are brokers. */
  readonly replication?: number;
}

/** What was done. */
export interface AppliedTopics {
  /** Names that were not there before. */
  readonly created: readonly string[];
}

const dayMs = 86_400_000;
const keyedPartitions = 12;
const deadLetterPartitions = 3;
const spreadMs = 200;
const spreadTries = 25;

/**
 * Makes the topics of `webhooks.md` 5.1 that are not there, and reads all of them back. Never changes one that is there: more
 * partitions would move keys, and break the order of each tenant.
 *
 * Errors: `internal`, naming the topics, when a keyed one has not 12 partitions; kafkajs's own while no broker can be reached.
 */
export async function applyTopics(client: KafkaClient, settings: TopicSettings = {}): Promise<AppliedTopics> {
  const admin = client.admin();
  try {
    await admin.connect();
    const wanted = wantedTopics(client, await replicationOf(admin, settings));
    const created: string[] = [];
    for (let tries = 1; ; tries++) {
      const there = new Set(await admin.listTopics());
      const missing = wanted.filter(({ topic }) => !there.has(topic));
      created.push(...missing.map(({ topic }) => topic));
      try {
        if (missing.length > 0) await admin.createTopics({ waitForLeaders: true, topics: missing });
        await readBack(client, admin);
        return { created };
      } catch (error) {
        // A broker learns of a topic a little later than the controller makes it.
        if (tries === spreadTries || !isNotThereYet(error)) throw error;
        await setTimeout(spreadMs);
      }
    }
  } finally {
    await admin.disconnect();
  }
}

async function replicationOf(admin: Admin, { replication }: TopicSettings): Promise<number> {
  if (replication !== undefined) return replication;
  const { brokers } = await admin.describeCluster();
  return Math.min(3, brokers.length);
}

function wantedTopics(client: KafkaClient, replicationFactor: number): ITopicConfig[] {
  const entries = (retentionMs: number) => [
    // Values have to be text.
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: String(retentionMs) },
    { name: 'max.message.bytes', value: '1048576' },
    { name: 'compression.type', value: 'producer' },
    { name: 'min.insync.replicas', value: String(Math.max(1, replicationFactor - 1)) },
  ];
  return [
    ...topics.map((topic) => ({
      topic: client.topicName(topic),
      numPartitions: keyedPartitions,
      replicationFactor,
      configEntries: entries(7 * dayMs),
    })),
    {
      topic: client.topicName('uapi.dlq.v1'),
      numPartitions: deadLetterPartitions,
      replicationFactor,
      configEntries: entries(30 * dayMs),
    },
  ];
}

/** `createTopics` compares nothing with what is there. */
async function readBack(client: KafkaClient, admin: Admin): Promise<void> {
  const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map((topic) => client.topicName(topic)) });
  const wrong = found.filter(({ partitions }) => partitions.length !== keyedPartitions);
  if (wrong.length === 0) return;
  const counts = wrong.map(({ name, partitions }) => `${name} has ${partitions.length}`).join(', ');
  throw new AppError('internal', {
    internal: `Topics with a key need ${keyedPartitions} partitions each: ${counts}. Delete them, or choose another UAPI_PREFIX.`,
  });
}

function isNotThereYet(error: unknown): boolean {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  return type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE';
}
