import { afterAll, expect, jest, test } from '@jest/globals';
import { describeWithBrokers } from '@universal-api/testing/brokers';
import { createClient, deleteTopics } from '../../test/kafka-fixture.ts';
import { topics } from '../catalogue/define-event.ts';
import { applyTopics } from './apply-topics.ts';
import type { KafkaClient } from './create-kafka-client.ts';

jest.setTimeout(60_000);

describeWithBrokers('topics', ({ kafkaBrokers }) => {
  const clients: KafkaClient[] = [];
  const create = () => {
    const client = createClient(kafkaBrokers);
    clients.push(client);
    return client;
  };
  afterAll(() => Promise.all(clients.map(deleteTopics)));
  const withAdmin = async <Result>(
    client: KafkaClient,
    work: (admin: ReturnType<KafkaClient['admin']>) => Promise<Result>,
  ) => {
    const admin = client.admin();
    await admin.connect();
    return work(admin).finally(() => admin.disconnect());
  };

  test('are made with their partitions and settings, and a second time nothing is done', async () => {
    const client = create();
    expect((await applyTopics(client)).created).toHaveLength(topics.length + 1);
    expect((await applyTopics(client)).created).toEqual([]);
    await withAdmin(client, async (admin) => {
      const names = [client.topicName('uapi.telemetry.v1'), client.topicName('uapi.dlq.v1')];
      const { topics: found } = await admin.fetchTopicMetadata({ topics: names });
      expect(
        found
          .map(({ name, partitions }) => [name, partitions.length])
          .sort()
          .reverse(),
      ).toEqual([
        [names[0], 12],
        [names[1], 3],
      ]);
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: names.map((name) => ({ type: 2, name })),
      });
      const valueOf = (index: number, wanted: string) =>
        resources[index]?.configEntries.find(({ configName }) => configName === wanted)?.configValue;
      expect(
        ['cleanup.policy', 'retention.ms', 'max.message.bytes', 'min.insync.replicas'].map((n) => valueOf(0, n)),
      ).toEqual(['delete', '604800000', '1048576', '1']);
      expect(valueOf(1, 'retention.ms')).toBe('2592000000');
    });
  });

  test('of which some are there are completed; one with a key and other partitions is refused by its name', async () => {
    const client = create();
    const wrong = client.topicName('uapi.auth.v1');
    await withAdmin(client, (admin) =>
      // Waiting for leaders fails where a broker has not heard of the topic yet.
      admin.createTopics({ waitForLeaders: false, topics: [{ topic: wrong, numPartitions: 3 }] }),
    );
    await expect(applyTopics(client)).rejects.toThrow(`${wrong} has 3`);
    await withAdmin(client, async (admin) => {
      const there = (await admin.listTopics()).filter((name) => name.startsWith(client.prefix));
      expect(there).toHaveLength(topics.length + 1);
    });
  });

  test('are never made by a producer or a consumer', async () => {
    const client = create();
    const topic = client.topicName('uapi.video.v1');
    const producer = client.producer();
    await producer.connect();
    await expect(producer.send({ topic, messages: [{ value: 'x' }] })).rejects.toThrow();
    await producer.disconnect();
    const consumer = client.consumer(client.groupName('none'));
    await consumer.connect();
    // It looks for the topic as often as it may; ours is not to wait for its end.
    const subscribed = consumer.subscribe({ topics: [topic] }).catch(() => {});
    await withAdmin(client, async (admin) => expect(await admin.listTopics()).not.toContain(topic));
    await consumer.disconnect();
    await subscribed;
  });

  test('spread keys as the Java client does', async () => {
    const client = create();
    await applyTopics(client);
    // Of the tests of org.apache.kafka.common.utils.Utils.
    const murmur2: [string, number][] = [
      ['21', -973932308],
      ['foobar', -790332482],
      ['a-little-bit-long-string', -985981536],
      ['a-little-bit-longer-string', -1486304829],
      ['abc', 479470107],
    ];
    const producer = client.producer();
    await producer.connect();
    for (const [key, hash] of murmur2) {
      const [sent] = await producer.send({ topic: client.topicName('uapi.auth.v1'), messages: [{ key, value: '{}' }] });
      expect([key, sent?.partition]).toEqual([key, (hash & 0x7fffffff) % 12]);
    }
    await producer.disconnect();
  });
});
