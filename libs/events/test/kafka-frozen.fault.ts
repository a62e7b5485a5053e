/** Everything that speaks to Kafka ends in time while Kafka is there and does not answer (W08). */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { defaultTenantId, newId } from '@universal-api/ids';
import { type KafkaServer, startKafka } from '@universal-api/infra';
import { silentLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { describeWithInfra } from '@universal-api/testing/brokers';
import type { ProducerRecord } from 'kafkajs';
import { attemptCompleted, openEventPublisher } from '../src/index.ts';
import { createKafkaEventBus, createKafkaGauge, createKafkaSink } from '../src/kafka/index.ts';
import { createKafkaFixture, type KafkaFixture, quick, recordEffect, until } from './kafka-fixture.ts';

/** Far below the hard stop of a process, 25 s. */
const endMs = 12_000;

describeWithInfra('with a frozen Kafka', () => {
  let kafka: KafkaServer;
  let fixture: KafkaFixture;
  beforeAll(async () => {
    kafka = await startKafka();
  }, 60_000);
  afterAll(() => kafka.stop(), 30_000);
  beforeEach(async () => {
    fixture = await createKafkaFixture(kafka.brokers);
  }, 30_000);
  afterEach(async () => {
    kafka.thaw();
    await fixture.drop();
  }, 60_000);

  test('the relay stops, and what it could not send is sent by the next one', async () => {
    let isSending = false;
    const producer = () => {
      const inner = fixture.client.producer();
      return {
        ...inner,
        async send(record: ProducerRecord) {
          isSending = true;
          return inner.send(record).finally(() => (isSending = false));
        },
      };
    };
    const relay = fixture.startRelay({ client: { ...fixture.client, producer } });
    await fixture.publish('relay', 1);
    await fixture.untilRelayed();
    kafka.freeze();
    await fixture.publish('relay', 2);
    await until(() => isSending);
    const begun = performance.now();
    await relay.stop();
    expect(performance.now() - begun).toBeLessThan(endMs);
    kafka.thaw();
    fixture.startRelay();
    await fixture.untilRelayed();
  }, 60_000);

  test('a relay that has not yet found a broker stops', async () => {
    kafka.freeze();
    const relay = fixture.startRelay({ topics: {} });
    await until(() => fixture.reports.some(({ kind }) => kind === 'leads'));
    const begun = performance.now();
    await relay.stop();
    expect(performance.now() - begun).toBeLessThan(endMs);
  }, 30_000);

  test('a group stops', async () => {
    const bus = createKafkaEventBus({
      client: fixture.client,
      database: fixture.events.test.database<unknown>('probe_ingest'),
      waitFactor: quick,
    });
    const group = bus.subscribe({
      group: 'frozen',
      topics: ['uapi.search.v1'],
      async handle(tx, events) {
        for (const event of events) await recordEffect(tx, 'frozen', event);
      },
    });
    fixture.startRelay();
    await fixture.publish('group', 1);
    await until(async () => (await fixture.events.effectsOf('frozen')).length === 1);
    kafka.freeze();
    const begun = performance.now();
    await group.stop();
    expect(performance.now() - begun).toBeLessThan(endMs);
  }, 60_000);

  test('a publisher closes, and counts what it loses', async () => {
    const metrics = createMetrics({ version: 'test' });
    const publisher = openEventPublisher({
      ...{ source: 'telemetry', service: 'gateway', metrics, log: silentLogger, checkedShare: 1 },
      sink: createKafkaSink(fixture.client),
    });
    const publish = (attempt: number) =>
      publisher.publish(attemptCompleted, {
        tenantId: defaultTenantId,
        data: { callId: newId(), provider: 'p', operation: 'x.y', outcome: 'ok', attempt, totalUs: 5 },
      });
    publish(1);
    await publisher.flush();
    expect(publisher.waiting()).toBe(0);
    kafka.freeze();
    publish(2);
    publish(3);
    const begun = performance.now();
    await publisher.close();
    expect(performance.now() - begun).toBeLessThan(endMs);
    expect((await metrics.expose()).text).toContain('uapi_telemetry_dropped_total 2');
  }, 30_000);

  test('a gauge closes in the middle of a question', async () => {
    const gauge = createKafkaGauge(fixture.client);
    await gauge.measure();
    kafka.freeze();
    const asked = gauge.measure().catch(() => {});
    const begun = performance.now();
    await gauge.close();
    expect(performance.now() - begun).toBeLessThan(endMs);
    kafka.thaw();
    await asked;
  }, 30_000);
});
