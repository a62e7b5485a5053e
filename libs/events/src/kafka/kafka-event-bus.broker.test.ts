import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { sql } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { describeWithBrokers } from '@universal-api/testing/brokers';
import { append, changed, noise, tenantA } from '../../test/event-fixture.ts';
import { createKafkaFixture, type KafkaFixture, quick, recordEffect } from '../../test/kafka-fixture.ts';
import { eventBusContract, type EventBusUnderTest } from '../event-bus.contract.ts';
import { lockSubjects } from '../log/lock-subject.ts';
import { createKafkaEventBus } from './kafka-event-bus.ts';

jest.setTimeout(90_000);

describeWithBrokers('with a broker', ({ kafkaBrokers }) => {
  let fixture: KafkaFixture;
  beforeAll(async () => {
    fixture = await createKafkaFixture(kafkaBrokers);
    fixture.startRelay();
  });
  afterAll(() => fixture.drop());

  const world = (): EventBusUnderTest => ({
    createBus: () =>
      createKafkaEventBus({
        client: fixture.client,
        database: fixture.events.test.database<unknown>('probe_ingest'),
        waitFactor: quick,
      }),
    async publish(subject, ...numbers) {
      const ids = await fixture.publish(subject, ...numbers);
      // On the bus, and not only on its way there.
      await fixture.untilRelayed();
      return ids;
    },
    async publishAndRollBack(subject, ...numbers) {
      const work = fixture.events.app.transaction(tenantA, async (tx) => {
        await lockSubjects(tx, [subject]);
        for (const n of numbers) await append(tx, changed, { tenantId: tenantA, subject, data: { ms: n } });
        throw new AppError('conflict');
      });
      await expect(work).rejects.toThrow();
    },
    publishElsewhere: (subject, n) =>
      fixture.events.app.transaction(tenantA, (tx) =>
        append(tx, noise, { tenantId: tenantA, subject, data: { ms: n } }),
      ),
    async redeliver(group) {
      const admin = fixture.client.admin();
      await admin.connect();
      const topic = fixture.client.topicName('uapi.search.v1');
      await admin.resetOffsets({ groupId: fixture.client.groupName(group), topic, earliest: true });
      await admin.disconnect();
    },
    recordEffect,
    effectsOf: (consumer) => fixture.events.effectsOf(consumer),
    deadLettersOf: (consumer) =>
      fixture.events.ingest.instance(async (tx) => {
        const { rows } = await sql<{ eventId: string; reason: string; bytes: string }>`
          SELECT event_id AS "eventId", reason, convert_from(bytes, 'UTF8') AS bytes FROM events.dead_letters
          WHERE consumer = ${consumer} ORDER BY created_at`.execute(tx);
        return rows;
      }),
  });

  eventBusContract('Kafka', world);
});
