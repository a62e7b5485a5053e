import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeWithBrokers } from '@universal-api/testing/brokers';
import { createKafkaFixture, type KafkaFixture, quick } from '../../../test/kafka-fixture.ts';
import { createKeyedWriter, recordEffects } from '../../../test/write-keyed.ts';
import { replayTopics, type ReplayParts, type ReplayPlace } from './replay-topics.ts';

jest.setTimeout(90_000);

describeWithBrokers('a replay from Kafka', ({ kafkaBrokers }) => {
  let fixture: KafkaFixture;
  let middle: Date;
  const before = 24 * 30;
  const after = 24 * 20;
  beforeAll(async () => {
    fixture = await createKafkaFixture(kafkaBrokers);
    fixture.startRelay();
    const writer = createKeyedWriter(fixture.events.test.database<unknown>('events_ingest'));
    for (let tenant = 0; tenant < 24; tenant++) await writer.write(tenant, 30);
    await fixture.untilRelayed();
    // Times of records have a millisecond: what follows is in a later one.
    for (middle = new Date(Date.now() + 1); Date.now() <= middle.getTime();) await new Promise(setImmediate);
    for (let tenant = 0; tenant < 24; tenant++) await writer.write(tenant, 20);
    await fixture.untilRelayed();
  });
  afterAll(() => fixture.drop());

  const replay = (id: string, parts: Partial<ReplayParts<unknown>> = {}) =>
    replayTopics({
      client: fixture.client,
      database: fixture.events.test.database<unknown>('probe_ingest'),
      subscription: {
        group: 'rebuilt',
        topics: ['uapi.search.v1', 'uapi.video.v1'],
        handle: (tx, events) => recordEffects(tx, id, events),
      },
      id,
      from: new Date(0),
      waitFactor: quick,
      ...parts,
    });

  test('of everything has one effect per event, in order, and leaves neither group nor offsets behind', async () => {
    // What the relay had to send twice lies on the topic twice; the effects below are one each.
    const { isComplete, read, duplicates } = await replay('all');
    expect([isComplete, read - duplicates]).toEqual([true, before + after]);
    const effects = await fixture.events.effectsOf('all');
    expect(effects).toHaveLength(before + after);
    const numbers = effects.filter(({ subject }) => subject === effects[0]?.subject).map(({ n }) => n);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    const admin = fixture.client.admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    expect(groups.map(({ groupId }) => groupId)).not.toContain(fixture.client.groupName('rebuilt.replay.all'));
  });

  test('from a time has what came after it, and nothing before', async () => {
    const { isComplete, read, duplicates } = await replay('late', { from: middle });
    expect([isComplete, read - duplicates]).toEqual([true, after]);
    expect(Math.min(...(await fixture.events.effectsOf('late')).map(({ n }) => n))).toBe(31);
  });

  test('from a time after all is at its end at once', async () => {
    const from = new Date(Date.now() + 60_000);
    expect(await replay('future', { from })).toEqual({ isComplete: true, read: 0, duplicates: 0 });
  });

  test('that was cut off goes on with the same id, by its progress and its inbox', async () => {
    const saved = new Map<string, ReplayPlace>();
    const progress: ReplayParts<unknown>['progress'] = {
      load: async () => [...saved.values()],
      save: async (_tx, place) => void saved.set(`${place.topic} ${place.partition}`, place),
    };
    const end = new AbortController();
    const cut = await replay('cut', { progress, signal: end.signal, report: () => end.abort() });
    expect(cut.isComplete).toBe(false);
    const rest = await replay('cut', { progress });
    expect(rest.isComplete).toBe(true);
    expect(cut.read - cut.duplicates + rest.read - rest.duplicates).toBe(before + after);
    expect(await fixture.events.effectsOf('cut')).toHaveLength(before + after);
  });
});
