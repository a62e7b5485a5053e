import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { sql, withClient } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { describeWithBrokers } from '@universal-api/testing/brokers';
import { append, noise, tenantA, tenantB } from '../../test/event-fixture.ts';
import { createKafkaFixture, type KafkaFixture, readTopics, type SeenRecord, until } from '../../test/kafka-fixture.ts';
import { writeDeadLetter } from '../dead-letter.ts';
import { insertEvents } from '../log/insert-events.ts';
import { toRawEnvelope } from './cloud-event-headers.ts';
import type { RelayReport } from './relay/relay-report.ts';

jest.setTimeout(90_000);

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describeWithBrokers('the relay', ({ kafkaBrokers }) => {
  let fixture: KafkaFixture;
  beforeAll(async () => {
    fixture = await createKafkaFixture(kafkaBrokers);
  });
  afterAll(() => fixture.drop());
  const recordsAbout = async (subject: string, count: number, topic = fixture.client.topicName('uapi.search.v1')) => {
    const isIt = ({ headers }: { headers: Readonly<Record<string, string>> }) => headers['ce_subject'] === subject;
    const all = await readTopics(fixture.client, [topic], (records) => records.filter(isIt).length >= count);
    return all.filter(isIt);
  };

  test('sends each event with its CloudEvents headers, its payload byte for byte, and its tenant as key', async () => {
    const relay = fixture.startRelay();
    const [id] = await fixture.publish('headers', 7);
    const [record] = await recordsAbout('headers', 1);
    await relay.stop();
    expect(record?.key).toBe(tenantA);
    expect(record?.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: `evt_${id?.replaceAll('-', '')}`,
      ce_type: 'probe.changed.v1',
      ce_tenantid: tenantA,
      'content-type': 'application/json',
    });
    const { rows } = await fixture.events.ingest.instance((tx) =>
      sql<{ data: string }>`SELECT data::text FROM events.log WHERE id = ${id}`.execute(tx),
    );
    expect(record?.value).toBe(rows[0]?.data);
  });

  test('several pages and topics come in the order of their commits, once each, and nothing of other topics moves', async () => {
    const relay = fixture.startRelay();
    for (const start of [0, 400, 800]) await fixture.publish('pages', ...upTo(400).map((n) => start + n));
    await fixture.events.app.transaction(tenantA, (tx) =>
      append(tx, noise, { tenantId: tenantA, subject: 'pages', data: { ms: 1 } }),
    );
    await fixture.untilRelayed();
    const records = await recordsAbout('pages', 1_200);
    await relay.stop();
    expect(records.map(({ value }) => (JSON.parse(value ?? '') as { ms: number }).ms)).toEqual(upTo(1_200));
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
    expect(await recordsAbout('pages', 1, fixture.client.topicName('uapi.video.v1'))).toHaveLength(1);
  });

  test('of two processes one sends; when its connection to PostgreSQL dies another goes on, and nothing is lost or new', async () => {
    const leaders = new Set<number>();
    const watch = (process: number) => (report: RelayReport) => {
      if (report.kind !== 'leads') return;
      if (report.isLeader) leaders.add(process);
      else leaders.delete(process);
    };
    const relays = [1, 2].map((n) => fixture.startRelay({ report: watch(n) }));
    await until(() => leaders.size === 1);
    const [before] = leaders;
    await fixture.publish('leaders', 1);
    await fixture.untilRelayed();
    await withClient(fixture.events.test.adminUrl, (client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks
         WHERE locktype = 'advisory' AND classid = 7302 AND granted AND pid <> pg_backend_pid()
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      ),
    );
    await fixture.publish('leaders', 2);
    await fixture.untilRelayed();
    await until(() => leaders.size === 1);
    await Promise.all(relays.map((relay) => relay.stop()));
    expect(before).toBeDefined();
    const numbers = (await recordsAbout('leaders', 2)).map(
      ({ value }) => (JSON.parse(value ?? '') as { ms: number }).ms,
    );
    expect([...new Set(numbers)]).toEqual([1, 2]);
  });

  test('while the acknowledgement cannot be noted the same page is sent again, and nothing is passed over', async () => {
    const database = fixture.events.test.database<unknown>('probe_ingest');
    let isMoving = 0;
    let failures = 3;
    const relay = fixture.startRelay({
      waitFactor: 0.01,
      database: {
        instance: (work) =>
          database.instance(async (tx) => {
            const result = await work(tx);
            // The second transaction of a round is the one that moves the cursor: it is rolled back after the sending.
            if (result === true && failures-- > 0) {
              isMoving++;
              throw new AppError('service_unavailable', { internal: 'PostgreSQL is away' });
            }
            return result;
          }),
      },
    });
    await fixture.publish('again', 1, 2);
    await fixture.untilRelayed();
    await relay.stop();
    const numbers = (await recordsAbout('again', 8)).map(({ value }) => (JSON.parse(value ?? '') as { ms: number }).ms);
    expect(isMoving).toBe(3);
    expect(numbers).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
  });

  test('while Kafka is away it waits with growing pauses, says how old the first event is, and then sends it', async () => {
    const reports: RelayReport[] = [];
    const waiting = fixture.startRelay({
      client: {
        ...fixture.client,
        // As kafkajs ends after its own tries, which take a minute.
        producer: () => ({ ...fixture.client.producer(), connect: () => Promise.reject(new Error('no broker')) }),
      },
      waitFactor: 0.01,
      report: (report) => void reports.push(report),
    });
    await fixture.publish('away', 1);
    await until(() => reports.filter((report) => report.kind === 'failed' && report.lagMs > 0).length >= 3);
    await waiting.stop();
    const waits = reports.flatMap((report) => (report.kind === 'failed' ? report.waitMs : []));
    expect(waits.slice(0, 3)).toEqual([300, 600, 1_200]);
    const relay = fixture.startRelay();
    await fixture.untilRelayed();
    await relay.stop();
    expect(await recordsAbout('away', 1)).toHaveLength(1);
  });

  test('an event whose text in the log is larger than any broker takes goes in its short spelling', async () => {
    const data = JSON.stringify({ numbers: Array.from({ length: 20_000 }, () => 'X') }).replaceAll('"X"', '1e300');
    const id = '0190a000-0000-7000-8000-0000000000aa'.replace(/^.{13}/, dayPrefix());
    await fixture.events.ingest.instance((tx) =>
      insertEvents(tx, 'log', [
        {
          ...{ id, topic: 'uapi.webhook.v1', key: tenantB, type: 'custom.wide', version: 1, source: 'urn:uapi:probe' },
          ...{ tenant_id: tenantB, channels: [], test: false, subject: 'wide', data },
        },
      ]),
    );
    const relay = fixture.startRelay();
    await fixture.untilRelayed();
    await relay.stop();
    const [record] = await recordsAbout('wide', 1, fixture.client.topicName('uapi.webhook.v1'));
    expect(record?.value?.length).toBeLessThan(256 * 1024);
    expect(JSON.parse(record?.value ?? '')).toEqual(JSON.parse(data));
  });

  test('dead letters are copied once, with the original key, bytes and headers, and with why and where', async () => {
    const headers = { ce_id: Buffer.from([0xff, 0]), 'content-type': 'text/plain', twice: ['a', 'b'] };
    const key = Buffer.from([0xfe]);
    const bytes = Buffer.from([0, 255, 10]);
    await fixture.events.ingest.instance((tx) =>
      writeDeadLetter(tx, {
        consumer: 'probe',
        reason: 'no_ce_headers',
        envelope: toRawEnvelope({ topic: 'uapi.search.v1', key, value: bytes, headers }),
        origin: {
          source: 'kafka',
          topic: 'x.search.v1',
          partition: 3,
          offset: '17',
          key_base64: key.toString('base64'),
        },
        bytes,
        error: new Error('no'),
      }),
    );
    const relay = fixture.startRelay();
    const dlq = fixture.client.topicName('uapi.dlq.v1');
    const consumer = fixture.client.consumer(fixture.client.groupName('dlq'));
    const got: { key: Buffer | null; value: Buffer | null; headers?: object }[] = [];
    await consumer.connect();
    await consumer.subscribe({ topics: [dlq], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void got.push(message) });
    await until(() => got.length > 0);
    const uncopied = () =>
      fixture.events.ingest.instance(async (tx) => {
        const { rows } = await sql`SELECT FROM events.dead_letters WHERE copied_at IS NULL`.execute(tx);
        return rows.length;
      });
    await until(async () => (await uncopied()) === 0);
    await relay.stop();
    await consumer.disconnect();
    expect(got).toHaveLength(1);
    expect(got[0]?.key).toEqual(key);
    expect(got[0]?.value).toEqual(bytes);
    expect(got[0]?.headers).toMatchObject({
      ce_id: Buffer.from([0xff, 0]),
      'content-type': Buffer.from('text/plain'),
      twice: [Buffer.from('a'), Buffer.from('b')],
      dlq_reason: Buffer.from('no_ce_headers'),
      dlq_topic: Buffer.from('x.search.v1'),
      dlq_partition: Buffer.from('3'),
      dlq_offset: Buffer.from('17'),
      dlq_consumer: Buffer.from('probe'),
      dlq_time: expect.any(Buffer),
    });
  });

  test('a dead letter that no broker takes is copied with its length instead of its bytes, and those beside it whole', async () => {
    const write = (headers: Record<string, string>, bytes: Buffer) =>
      fixture.events.ingest.instance((tx) =>
        writeDeadLetter(tx, {
          consumer: 'large',
          reason: 'too_large',
          envelope: { topic: 'uapi.search.v1', key: 'k', headers },
          origin: { source: 'log' },
          bytes,
          error: new Error('no'),
        }),
      );
    const large = 1_200_000;
    await write({ name: 'before' }, Buffer.from('a'));
    await write({ name: 'large' }, Buffer.alloc(large, 'b'));
    await write({ name: 'wide', wide: 'h'.repeat(large) }, Buffer.from('c'));
    await write({ name: 'after' }, Buffer.from('d'));
    const relay = fixture.startRelay();
    const copied = () =>
      fixture.events.ingest.instance(async (tx) => {
        const { rows } = await sql<{ size: number }>`
          SELECT octet_length(bytes) AS size FROM events.dead_letters
          WHERE consumer = 'large' AND copied_at IS NOT NULL ORDER BY created_at`.execute(tx);
        return rows.map(({ size }) => size);
      });
    await until(async () => (await copied()).length === 4);
    await relay.stop();
    const isLarge = ({ headers }: SeenRecord) => headers['dlq_consumer'] === 'large';
    const dlq = fixture.client.topicName('uapi.dlq.v1');
    const seen = await readTopics(
      fixture.client,
      [dlq],
      (records) => new Set(records.filter(isLarge).map(({ headers }) => headers['name'])).size >= 4,
    );
    const brief = seen.filter(isLarge).map(({ key, value, headers }) => ({
      ...{ key, value, name: headers['name'], truncated: headers['dlq_truncated'] },
    }));
    // What went before the refusal goes once more.
    const once = [...new Map(brief.map((letter) => [letter.name, letter])).values()];
    expect(once.filter(({ key }) => key === 'k')).toEqual([
      { key: 'k', value: 'a', name: 'before', truncated: undefined },
      { key: 'k', value: '', name: 'large', truncated: String(large) },
      { key: 'k', value: 'd', name: 'after', truncated: undefined },
    ]);
    // What is too large there is a header: nothing is left but why it is a letter.
    expect(once.filter(({ key }) => key !== 'k')).toEqual([{ key: null, value: '', name: undefined, truncated: '1' }]);
    expect(await copied()).toEqual([1, large, 1, 1]);
  });
});

/** The first 13 characters of a UUIDv7 of today. */
function dayPrefix(): string {
  const hex = Date.now().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
