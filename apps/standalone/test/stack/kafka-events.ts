import { topics } from '@universal-api/events';
import { createKafkaClient } from '@universal-api/events/kafka';
import { silentLogger } from '@universal-api/logging';
import type { PublishedEvents, SeenEvent } from './test-product.ts';

/** Where the topics of a product are. */
export interface TopicsOfProduct {
  readonly brokers: readonly string[];
  readonly prefix: string;
}

/** The events of a product with Kafka, as any reader of its topics gets them; reads from their beginning. */
export async function openKafkaEvents({ brokers, prefix }: TopicsOfProduct): Promise<PublishedEvents> {
  const client = createKafkaClient({ brokers, prefix, service: 'test', log: silentLogger });
  const seen: SeenEvent[] = [];
  const consumer = client.consumer(client.groupName('seen'));
  await consumer.connect();
  await consumer.subscribe({ topics: topics.map(client.topicName), fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message: { value, headers = {} } }) => {
      const read = (name: string) => headers[`ce_${name}`]?.toString() ?? null;
      seen.push({
        type: (read('type') ?? '').replace(/\.v\d+$/, ''),
        tenant: read('tenantid') ?? '',
        subject: read('subject'),
        correlation: read('correlationid'),
        traceparent: read('traceparent'),
        data: JSON.parse(value?.toString() ?? 'null') as SeenEvent['data'],
      });
    },
  });
  return {
    read: async () => [...seen],
    async close() {
      await consumer.disconnect();
      const admin = client.admin();
      await admin.connect();
      const own = (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`));
      await admin.deleteTopics({ topics: own });
      await admin.disconnect();
    },
  };
}
