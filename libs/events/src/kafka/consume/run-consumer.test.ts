import { expect, test } from '@jest/globals';
import { silentLogger } from '@universal-api/logging';
import type { Consumer } from 'kafkajs';
import { createKafkaClient } from '../create-kafka-client.ts';
import { until } from '../../../test/kafka-fixture.ts';
import { runConsumer } from './run-consumer.ts';

const client = createKafkaClient({ brokers: ['127.0.0.1:1'], prefix: 't', service: 'probe', log: silentLogger });

/** A consumer of kafkajs without its network; `emit` tells it what the network would. */
function createFake(connect: () => Promise<void>) {
  const listeners = new Map<string, ((event: unknown) => void)[]>();
  const counts = { disconnects: 0 };
  const consumer = {
    ...client.consumer('t.probe'),
    connect,
    subscribe: async () => {},
    run: async () => {},
    disconnect: async () => void counts.disconnects++,
    on(name: string, listener: (event: unknown) => void) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
      return () => {};
    },
  } as Consumer;
  const emit = (name: string, payload: object) => {
    for (const listener of listeners.get(name) ?? []) listener({ payload });
  };
  return { consumer, emit, counts };
}

const parts = { topics: ['t.search.v1'], eachBatch: async () => {}, waitFactor: 0.001 };

test('a start without Kafka is told of and tried again, and is no crash', async () => {
  const errors: unknown[] = [];
  const running = runConsumer({
    ...parts,
    createConsumer: () => createFake(() => Promise.reject(new Error('no broker'))).consumer,
    onCrash: (error) => void errors.push(error),
  });
  await until(() => errors.length >= 5);
  expect(running.isHealthy()).toBe(true);
  await running.stop();
});

test('the third crash within five minutes makes it ill, and it is well again when they are long ago', async () => {
  let now = 0;
  let made = createFake(async () => {});
  let crashes = 0;
  const running = runConsumer({
    ...parts,
    createConsumer: () => (made = createFake(async () => {})).consumer,
    onCrash: () => void crashes++,
    now: () => now,
  });
  for (const count of [1, 2, 3]) {
    await until(() => {
      made.emit(made.consumer.events.CRASH, { error: new Error('dead'), restart: false });
      return crashes >= count;
    });
    expect(running.isHealthy()).toBe(count < 3);
  }
  now = 300_001;
  expect(running.isHealthy()).toBe(true);
  await running.stop();
});

test('a consumer that comes back after it was stopped is sent away again', async () => {
  const connected = Promise.withResolvers<void>();
  const { consumer, emit, counts } = createFake(async () => connected.resolve());
  const running = runConsumer({ ...parts, createConsumer: () => consumer, onCrash: () => {} });
  await connected.promise;
  await running.stop();
  expect(counts.disconnects).toBe(1);
  emit(consumer.events.FETCH_START, {});
  await new Promise(setImmediate);
  expect(counts.disconnects).toBe(2);
  emit(consumer.events.CRASH, { error: new Error('late'), restart: true });
  await new Promise(setImmediate);
  expect(counts.disconnects).toBe(3);
});
