import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { newId } from '@universal-api/ids';
import { describeWithBrokers } from '@universal-api/testing/brokers';
import { tenantB } from '../../test/event-fixture.ts';
import { createKafkaFixture, type KafkaFixture, quick, recordEffect, until } from '../../test/kafka-fixture.ts';
import { createKeyedWriter, judgeEffects, keyedTenants, recordEffects } from '../../test/write-keyed.ts';
import type { Subscription } from '../event-bus.ts';
import type { GroupReport } from '../group/group-report.ts';
import { applyTopics } from './apply-topics.ts';
import { headersOf } from './cloud-event-headers.ts';
import { createKafkaEventBus, type KafkaEventBusParts } from './kafka-event-bus.ts';

jest.setTimeout(90_000);

describeWithBrokers('a group on Kafka', ({ kafkaBrokers }) => {
  let fixture: KafkaFixture;
  let topic: string;
  let writer: ReturnType<typeof createKeyedWriter>;
  beforeAll(async () => {
    fixture = await createKafkaFixture(kafkaBrokers);
    fixture.startRelay();
    topic = fixture.client.topicName('uapi.search.v1');
    writer = createKeyedWriter(fixture.events.test.database<unknown>('events_ingest'));
  });
  afterAll(() => fixture.drop());

  const createBus = (parts: Partial<KafkaEventBusParts<unknown>> = {}) =>
    createKafkaEventBus({
      client: fixture.client,
      database: fixture.events.test.database<unknown>('probe_ingest'),
      waitFactor: quick,
      ...parts,
    });
  const recorder = (group: string, topics: Subscription['topics'] = ['uapi.search.v1']): Subscription => ({
    group,
    topics,
    handle: (tx, events) => recordEffects(tx, group, events),
  });
  const withAdmin = async <Result>(work: (admin: ReturnType<typeof fixture.client.admin>) => Promise<Result>) => {
    const admin = fixture.client.admin();
    await admin.connect();
    return work(admin).finally(() => admin.disconnect());
  };
  const write = async (rounds: number, each: number) => {
    for (let round = 0; round < rounds; round++) await writer.write(round, each);
    await fixture.untilRelayed();
  };
  const untilDone = (group: string) =>
    until(async () => (await judgeEffects(fixture.events.ingest, group)).missing === 0);
  const lettersOf = (consumer: string) =>
    fixture.events.ingest.instance(async (tx) => {
      const { rows } = await sql<{ reason: string; bytes: Buffer; origin: object; headers: object }>`
        SELECT reason, bytes, origin, headers FROM events.dead_letters WHERE consumer = ${consumer}
        ORDER BY (origin->>'offset')::int`.execute(tx);
      return rows;
    });

  test('begins with the oldest record, commits what it has done, and reads nothing twice after a restart', async () => {
    await write(24, 40);
    const first = createBus().subscribe(recorder('offsets'));
    await untilDone('offsets');
    await first.stop();
    const committed = await withAdmin((admin) =>
      admin.fetchOffsets({ groupId: fixture.client.groupName('offsets'), topics: [topic] }),
    );
    const ends = await withAdmin((admin) => admin.fetchTopicOffsets(topic));
    const numbers = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, offset]));
    for (const { partition, high } of ends.filter(({ high: end }) => end !== '0'))
      expect([partition, numbers.get(partition)]).toEqual([partition, high]);

    const reports: GroupReport[] = [];
    const second = createBus({ report: (report) => void reports.push(report) }).subscribe(recorder('offsets'));
    await write(3, 5);
    await untilDone('offsets');
    await second.stop();
    const polls = reports.filter((report) => report.kind === 'poll');
    expect(polls.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(0);
    expect(polls.reduce((sum, { read }) => sum + read, 0)).toBe(15);
  });

  test('a rebalance in the middle of a batch: the rest of it is left to whoever has the partition then', async () => {
    const group = 'rebalance';
    await write(4, 700);
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const joined: number[] = [];
    let calls = 0;
    const held: Subscription = {
      ...recorder(group),
      async handle(tx, events) {
        await recordEffects(tx, group, events);
        if (calls++ === 0) {
          begun.resolve();
          await gate.promise;
        }
      },
    };
    const first = createBus().subscribe(held);
    await begun.promise;
    const heldSince = performance.now();
    const second = createBus({
      report: (report) => void (report.kind === 'poll' && joined.push(report.read)),
    }).subscribe(recorder(group));
    const groupId = fixture.client.groupName(group);
    await until(async () => {
      const { groups } = await withAdmin((admin) => admin.describeGroups([groupId]));
      return groups[0]?.state === 'PreparingRebalance';
    });
    // The client says no more than once a second that it lives, and learns of the rebalance by the answer.
    await until(() => performance.now() - heldSince > 1_500);
    gate.resolve();
    await until(async () => {
      const { groups } = await withAdmin((admin) => admin.describeGroups([groupId]));
      return groups[0]?.state === 'Stable' && groups[0].members.length === 2;
    });
    await write(24, 20);
    await untilDone(group);
    await Promise.all([first.stop(), second.stop()]);
    expect(joined.length).toBeGreaterThan(0);
    expect(await judgeEffects(fixture.events.ingest, group)).toMatchObject({ inversions: 0, missing: 0 });
    const { effects, events } = await judgeEffects(fixture.events.ingest, group);
    expect(effects).toBe(events);
  });

  test('whose consumer dies silently is rebuilt; the third time in five minutes the process says that it is not ready', async () => {
    let made = 0;
    const reports: GroupReport[] = [];
    const dying = {
      ...fixture.client,
      consumer(groupId: string) {
        const consumer = fixture.client.consumer(groupId);
        const isDying = ++made <= 3;
        return {
          ...consumer,
          run: (config: Parameters<typeof consumer.run>[0]) =>
            consumer.run({
              ...config,
              async eachBatch(payload) {
                // What kafkajs takes for a reason never to try again.
                if (isDying) throw new TypeError('a fault in the client');
                await config?.eachBatch?.(payload);
              },
            }),
        };
      },
    };
    const bus = createBus({ client: dying, waitFactor: 0.02, report: (report) => void reports.push(report) });
    const running = bus.subscribe(recorder('crash'));
    expect(bus.unhealthyGroups()).toEqual([]);
    await untilDone('crash');
    expect(bus.unhealthyGroups()).toEqual(['crash']);
    await running.stop();
    expect(bus.unhealthyGroups()).toEqual([]);
    expect(reports.filter(({ kind }) => kind === 'failed')).toHaveLength(3);
  });

  test('while storage is away its partitions rest, nothing becomes a dead letter, and then all is done', async () => {
    const reports: GroupReport[] = [];
    let away = 6;
    const database = fixture.events.test.database<unknown>('probe_ingest');
    const running = createBus({
      waitFactor: 0.02,
      report: (report) => void reports.push(report),
      database: {
        instance: (work) =>
          database.instance(async (tx) => {
            const result = await work(tx);
            if (away-- > 0) throw new AppError('service_unavailable', { internal: 'PostgreSQL is away' });
            return result;
          }),
      },
    }).subscribe(recorder('away'));
    await untilDone('away');
    await running.stop();
    expect(reports.filter(({ kind }) => kind === 'failed')).toHaveLength(6);
    expect(await lettersOf('away')).toEqual([]);
    expect(await judgeEffects(fixture.events.ingest, 'away')).toMatchObject({ inversions: 0, missing: 0 });
  });

  test('records that are no events are set aside with their bytes, once however often they come; those around them have their effect', async () => {
    const group = 'poison';
    const video = fixture.client.topicName('uapi.video.v1');
    const envelope = (id: string) =>
      headersOf({
        ...{ id, type: 'probe.changed', version: 1, topic: 'uapi.video.v1', key: tenantB, source: 'urn:uapi:probe' },
        ...{ time: new Date(), tenantId: tenantB, position: 1n, channels: [], isTest: false, subject: 'poison' },
      });
    const good = (n: number) => ({ key: tenantB, value: JSON.stringify({ ms: n }), headers: envelope(newId()) });
    const producer = fixture.client.producer();
    await producer.connect();
    const messages = [
      ...Array.from({ length: 499 }, (_, index) => good(index)),
      { key: tenantB, value: Buffer.from([0xff, 0x00]), headers: envelope(newId()) },
      { key: tenantB, value: 'x', headers: {} },
      { key: tenantB, value: null, headers: envelope(newId()) },
      { key: tenantB, value: '{}', headers: envelope('01800000-0000-7000-8000-000000000001') },
      { key: tenantB, value: '{}', headers: envelope('ffffffff-ffff-7000-8000-000000000001') },
      ...Array.from({ length: 500 }, (_, index) => good(499 + index)),
    ];
    await producer.send({ topic: video, messages });
    await producer.disconnect();

    const subscription: Subscription = {
      ...recorder(group, ['uapi.video.v1']),
      handle: async (tx, events) => {
        for (const event of events) await recordEffect(tx, group, event);
      },
    };
    const numbers = async () => (await fixture.events.effectsOf(group)).map(({ n }) => n);
    const first = createBus().subscribe(subscription);
    await until(async () => (await numbers()).length >= 999 && (await lettersOf(group)).length >= 5);
    await first.stop();
    const groupId = fixture.client.groupName(group);
    const lag = async () => {
      const [offsets] = await withAdmin((admin) => admin.fetchOffsets({ groupId, topics: [video] }));
      const ends = await withAdmin((admin) => admin.fetchTopicOffsets(video));
      const places = new Map(offsets?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      return ends.reduce((sum, { partition, high }) => sum + Number(high) - Math.max(0, places.get(partition) ?? 0), 0);
    };
    expect(await lag()).toBe(0);
    await withAdmin((admin) => admin.resetOffsets({ groupId, topic: video, earliest: true }));
    const second = createBus().subscribe(subscription);
    await until(async () => (await lag()) === 0);
    await second.stop();
    expect(await numbers()).toEqual(Array.from({ length: 999 }, (_, index) => index));
    const letters = await lettersOf(group);
    expect(letters.map(({ reason }) => reason)).toEqual([
      'not_json',
      'no_ce_headers',
      'not_json',
      'too_old',
      'too_old',
    ]);
    expect(letters[0]?.bytes).toEqual(Buffer.from([0xff, 0x00]));
    expect(letters[0]?.headers).toMatchObject({ ce_specversion: '1.0', ce_subject: 'poison' });
    expect(letters[0]?.origin).toMatchObject({ source: 'kafka', topic: video, offset: '499' });
  });

  test('that was started before there were topics reads them once there are', async () => {
    const group = 'early';
    const late = { ...fixture.client, topicName: fixture.client.topicName };
    const prefix = `${fixture.client.prefix}late`;
    const client = {
      ...late,
      prefix,
      topicName: (name: string) => name.replace(/^uapi/, prefix),
      topicOf: (name: string) => name.replace(prefix, 'uapi') as never,
    };
    let got = 0;
    const running = createBus({ client, waitFactor: 0.02 }).subscribe({
      ...recorder(group),
      handle: async (_tx, events) => void (got += events.length),
    });
    await applyTopics(client);
    const producer = client.producer();
    await producer.connect();
    const headers = headersOf({
      ...{ id: newId(), type: 'probe.changed', version: 1, topic: 'uapi.search.v1', key: tenantB, source: 'urn:x' },
      ...{ time: new Date(), tenantId: tenantB, position: 1n, channels: [], isTest: false },
    });
    const topic = client.topicName('uapi.search.v1');
    // A broker may learn a little late that it leads a new partition; the inbox makes one of what is sent twice.
    await until(() =>
      producer.send({ topic, messages: [{ key: tenantB, value: '{}', headers }] }).then(
        () => true,
        () => false,
      ),
    );
    await producer.disconnect();
    await until(() => got > 0);
    await running.stop();
    expect(got).toBe(1);
  });

  test('that has nothing to do stops within the wait of a fetch', async () => {
    const reports: GroupReport[] = [];
    const running = createBus({ report: (report) => void reports.push(report) }).subscribe(recorder('idle'));
    await untilDone('idle');
    const stopped = running.stop().then(() => 'stopped');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(() => resolve('late'), 4_000)));
    expect(await Promise.race([stopped, late])).toBe('stopped');
    clearTimeout(timer);
  });

  test('is not sent to twice for what another bus has done: from the log to Kafka nothing is repeated', async () => {
    const { createLogEventBus } = await import('../log/log-event-bus.ts');
    const group = 'switch';
    const onLog = createLogEventBus({
      database: fixture.events.test.database<unknown>('probe_ingest'),
      owner: 'test:1',
      waitFactor: quick,
    }).subscribe(recorder(group));
    await untilDone(group);
    await onLog.stop();
    const onKafka = createBus().subscribe(recorder(group));
    await write(keyedTenants.length, 3);
    await untilDone(group);
    await onKafka.stop();
    const { effects, events, inversions } = await judgeEffects(fixture.events.ingest, group);
    expect([effects, inversions]).toEqual([events, 0]);
  });
});
