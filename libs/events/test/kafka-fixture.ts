import { sql } from '@universal-api/database';
import { silentLogger } from '@universal-api/logging';
import { randomPrefix } from '@universal-api/testing/brokers';
import { setTimeout } from 'node:timers/promises';
import type { EventBusUnderTest } from '../src/event-bus.contract.ts';
import { lockSubjects } from '../src/index.ts';
import {
  applyTopics,
  createKafkaClient,
  type KafkaClient,
  type RelayParts,
  type RelayReport,
  type RunningRelay,
  startRelay,
} from '../src/kafka/index.ts';
import { append, changed, createEventFixture, tenantA, type EventFixture } from './event-fixture.ts';

/** A database with the log, and topics of its own on a Kafka that others use too. */
export interface KafkaFixture {
  readonly events: EventFixture;
  readonly client: KafkaClient;
  readonly reports: RelayReport[];
  /** Starts a relay, with the waits of tests. */
  startRelay(parts?: Partial<RelayParts>): RunningRelay;
  /** Commits events about a subject, in one transaction. */
  publish(subject: string, ...numbers: readonly number[]): Promise<string[]>;
  /** Waits until the relay has moved past everything that is in the log. */
  untilRelayed(): Promise<void>;
  drop(): Promise<void>;
}

/** What every wait is multiplied with. */
export const quick = 0.2;

/** Makes it; its relays are stopped by whoever starts them, or with it. */
export async function createKafkaFixture(brokers: readonly string[]): Promise<KafkaFixture> {
  const events = await createEventFixture();
  const client = createClient(brokers);
  const reports: RelayReport[] = [];
  const relays: RunningRelay[] = [];
  await applyTopics(client);
  return {
    events,
    client,
    reports,
    startRelay(parts = {}) {
      const relay = startRelay({
        client,
        url: events.test.url,
        database: events.test.database<unknown>('probe_ingest'),
        owner: 'test:1',
        topics: false,
        waitFactor: quick,
        report: (report) => void reports.push(report),
        ...parts,
      });
      relays.push(relay);
      return relay;
    },
    publish: (subject, ...numbers) =>
      events.app.transaction(tenantA, async (tx) => {
        await lockSubjects(tx, [subject]);
        const ids: string[] = [];
        for (const n of numbers) ids.push(await append(tx, changed, { tenantId: tenantA, subject, data: { ms: n } }));
        return ids;
      }),
    untilRelayed: () =>
      until(() =>
        events.ingest.instance(async (tx) => {
          const { rows } = await sql<{ isPast: boolean }>`
            SELECT NOT EXISTS (
              SELECT FROM events.log LEFT JOIN events.cursors AS c ON c.grp = 'relay'
              WHERE c.grp IS NULL OR (log.xid, log.position) > (c.xid, c.position)) AS "isPast"`.execute(tx);
          return rows[0]?.isPast === true;
        }),
      ),
    async drop() {
      await Promise.all(relays.map((relay) => relay.stop()));
      // A broker that was frozen a moment ago may answer with nothing.
      await until(() =>
        deleteTopics(client).then(
          () => true,
          () => false,
        ),
      ).finally(() => events.test.drop());
    },
  };
}

/** A client with a prefix of its own. */
export function createClient(brokers: readonly string[], prefix = randomPrefix()): KafkaClient {
  return createKafkaClient({ brokers, prefix, service: 'probe', log: silentLogger });
}

/** Removes everything that has the prefix of a client. */
export async function deleteTopics(client: KafkaClient): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${client.prefix}.`));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.disconnect();
}

/** A record as a test sees it. */
export interface SeenRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads topics from their beginning until `isEnough`. */
export async function readTopics(
  client: KafkaClient,
  topics: readonly string[],
  isEnough: (records: readonly SeenRecord[]) => boolean,
): Promise<SeenRecord[]> {
  const consumer = client.consumer(client.groupName(`seen.${Math.random()}`));
  const records: SeenRecord[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message: { key, value, offset, headers = {} } }) => {
      records.push({
        ...{ topic, partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? null },
        headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, String(header)])),
      });
    },
  });
  await until(() => isEnough(records));
  await consumer.disconnect();
  return records;
}

/** Writes an effect in the transaction of a handler. */
export const recordEffect: EventBusUnderTest['recordEffect'] = async (tx, consumer, { id, subject = null, data }) => {
  await sql`INSERT INTO effects (consumer, event_id, subject, n) VALUES (${consumer}, ${id}, ${subject}, ${data['ms']})`.execute(
    tx,
  );
};

/** Waits for a condition, with a deadline. */
export async function until(isSo: () => boolean | Promise<boolean>, deadlineMs = 30_000): Promise<void> {
  for (const end = Date.now() + deadlineMs; Date.now() < end; await setTimeout(20)) if (await isSo()) return;
  throw new Error(`what was waited for did not happen in ${deadlineMs} ms`);
}
