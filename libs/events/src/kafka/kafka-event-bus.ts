import type { Database } from '@universal-api/database';
import type { EventBus, RunningGroup, Subscription } from '../event-bus.ts';
import type { GroupReport } from '../group/group-report.ts';
import { createChunkSizes } from './consume/chunk-sizes.ts';
import { createRests } from './consume/rest-partitions.ts';
import { type RunningConsumer, runConsumer } from './consume/run-consumer.ts';
import { type BatchWork, workOffBatch } from './consume/work-off-batch.ts';
import type { KafkaClient } from './create-kafka-client.ts';

/** Parts of the bus. */
export interface KafkaEventBusParts<Tables> {
  readonly client: KafkaClient;
  /** Pool of the consuming schema's `_ingest`, with the rights of a consumer (`grantEventRights`) and an inbox. */
  readonly database: Pick<Database<Tables>, 'instance'>;
  readonly report?: (report: GroupReport) => void;
  /** What every wait is multiplied with; for tests alone. */
  readonly waitFactor?: number;
}

/** The bus over Kafka. */
export interface KafkaEventBus<Tables = unknown> extends EventBus<Tables> {
  /** Groups whose consumer has died three times in five minutes: while there is one the process is not ready. */
  unhealthyGroups(): readonly string[];
}

/**
 * The bus over Kafka: each process of a group works on partitions of its own, and a tenant is on one. Offsets are committed
 * after the transaction of the effect, so a record may come again; the inbox makes that harmless.
 */
export function createKafkaEventBus<Tables>(parts: KafkaEventBusParts<Tables>): KafkaEventBus<Tables> {
  const running = new Map<RunningConsumer, string>();
  return {
    subscribe(subscription) {
      const consumer = startGroup(parts, subscription);
      running.set(consumer, subscription.group);
      return {
        async stop() {
          await consumer.stop();
          running.delete(consumer);
        },
      } satisfies RunningGroup;
    },
    unhealthyGroups: () => [...running].flatMap(([consumer, group]) => (consumer.isHealthy() ? [] : group)),
  };
}

function startGroup<Tables>(
  { client, database, report = () => {}, waitFactor = 1 }: KafkaEventBusParts<Tables>,
  subscription: Subscription<Tables>,
): RunningConsumer {
  const { group } = subscription;
  const rests = createRests(waitFactor, (error) => report({ kind: 'failed', group, error, isStorage: false }));
  const work: BatchWork<Tables> = {
    database,
    subscription,
    report,
    sizes: createChunkSizes(),
    waitFactor,
    topicOf: (name) => client.topicOf(name) ?? name,
    rest: rests.begin,
    onStored: rests.reset,
  };
  const consumer = runConsumer({
    createConsumer: () => client.consumer(client.groupName(group)),
    topics: subscription.topics.map((topic) => client.topicName(topic)),
    eachBatch: (payload, generation) => rests.guard(payload, () => workOffBatch(work, payload, generation)),
    onCrash: (error) => {
      rests.clear();
      report({ kind: 'failed', group, error, isStorage: true });
    },
    waitFactor,
  });
  return {
    isHealthy: consumer.isHealthy,
    async stop() {
      await consumer.stop();
      rests.clear();
    },
  };
}
