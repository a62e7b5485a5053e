import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { defaultTenantId, newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { describeWithBrokers } from '@universal-api/testing/brokers';
import { createClient, deleteTopics, readTopics, until } from '../../test/kafka-fixture.ts';
import { attemptCompleted } from '../catalogue/index.ts';
import { openEventPublisher } from '../telemetry-publisher.ts';
import { applyTopics } from './apply-topics.ts';
import { toEvent } from './cloud-event-headers.ts';
import { createKafkaClient, type KafkaClient } from './create-kafka-client.ts';
import { createKafkaSink } from './kafka-sink.ts';
import { createKafkaGauge } from './measure-kafka.ts';

jest.setTimeout(60_000);

describeWithBrokers('telemetry to Kafka', ({ kafkaBrokers }) => {
  let client: KafkaClient;
  beforeAll(async () => {
    client = createClient(kafkaBrokers);
    await applyTopics(client);
  });
  afterAll(() => deleteTopics(client));
  const open = (to: KafkaClient) => {
    const metrics = createMetrics({ version: 'test' });
    const publisher = openEventPublisher({
      ...{ source: 'telemetry' as const, service: 'gateway', metrics, log: silentLogger, checkedShare: 1 },
      sink: createKafkaSink(to),
    });
    const dropped = async () =>
      Number(/^uapi_telemetry_dropped_total (\d+)$/m.exec((await metrics.expose()).text)?.[1] ?? Number.NaN);
    const publish = (attempt: number) =>
      publisher.publish(attemptCompleted, {
        tenantId: defaultTenantId,
        data: { callId: newId(), provider: 'p', operation: 'x.y', outcome: 'ok', attempt, totalUs: 5 },
      });
    return { publisher, dropped, publish };
  };

  test('comes in the order of its telling, as CloudEvents of its tenant, and nothing is dropped', async () => {
    const { publisher, dropped, publish } = open(client);
    for (let n = 1; n <= 1_200; n++) expect(publish(n)).toBe(true);
    await publisher.close();
    const records = await readTopics(client, [client.topicName('uapi.telemetry.v1')], (all) => all.length >= 1_200);
    const events = records.map(({ key, value, headers }) =>
      toEvent({ topic: 'uapi.telemetry.v1', key: Buffer.from(key ?? ''), value: Buffer.from(value ?? ''), headers }),
    );
    expect(events.map(({ data }) => data['attempt'])).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
    expect(events[0]).toMatchObject({ type: 'attempt.completed', source: 'urn:uapi:gateway', position: 0n });
    expect(events[0]?.key).toBe(defaultTenantId);
    expect(await dropped()).toBe(0);
  });

  test('while Kafka is away is kept until the buffer is full, then the newest is dropped and counted', async () => {
    const away = createKafkaClient({ brokers: ['127.0.0.1:1'], prefix: 'away', service: 'probe', log: silentLogger });
    const refusing = {
      ...away,
      producer: () => ({ ...away.producer(), connect: async () => Promise.reject(new Error('away')) }),
    };
    const { publisher, dropped, publish } = open(refusing);
    for (let n = 1; n <= 20_000; n++) publish(n);
    expect([publisher.waiting(), await dropped()]).toEqual([20_000, 0]);
    expect(publish(20_001)).toBe(false);
    expect(await dropped()).toBe(1);
    await publisher.close();
    expect(await dropped()).toBe(20_001);
  });

  test('when its topic is gone closing ends soon all the same, and what is lost is counted', async () => {
    const own = createClient(kafkaBrokers);
    await applyTopics(own);
    const { publisher, dropped, publish } = open(own);
    publish(1);
    await publisher.flush();
    await deleteTopics(own);
    const gauge = createKafkaGauge(own);
    await until(async () => (await gauge.measure()).missing.includes(own.topicName('uapi.telemetry.v1')));
    await gauge.close();
    for (let n = 2; n <= 701; n++) publish(n);
    await publisher.close();
    expect(await dropped()).toBe(700);
  }, 15_000);
});
