import { expect, test } from '@jest/globals';
import { silentLogger } from '@universal-api/logging';
import type { Admin } from 'kafkajs';
import { createKafkaClient } from './create-kafka-client.ts';
import { createKafkaGauge } from './measure-kafka.ts';

test('closing during a question leaves no connection behind', async () => {
  const client = createKafkaClient({ brokers: ['127.0.0.1:1'], prefix: 't', service: 'probe', log: silentLogger });
  const answered = Promise.withResolvers<void>();
  let isConnected = false;
  const admin: Admin = {
    ...client.admin(),
    async connect() {
      await answered.promise;
      isConnected = true;
    },
    async disconnect() {
      isConnected = false;
    },
    listTopics: async () => [],
    fetchTopicMetadata: async () => ({ topics: [] }),
    listGroups: async () => ({ groups: [] }),
  };
  const gauge = createKafkaGauge({ ...client, admin: () => admin });
  const asked = gauge.measure();
  const closed = gauge.close();
  answered.resolve();
  await Promise.all([asked, closed]);
  expect(isConnected).toBe(false);
});
