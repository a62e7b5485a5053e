import { openDatabase, type Database } from '@universal-api/database';
import { headersOf } from '@universal-api/events';
import { applyTopics, createKafkaClient, startRelay, type KafkaClient } from '@universal-api/events/kafka';
import { insertEvents, readLog, startOfLog } from '@universal-api/events/log';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { quantile } from './send-load.ts';

/** Where the relay is measured. */
export interface RelayBench {
  /** PostgreSQL with the schema `events` migrated, and nobody else who relays its log. */
  readonly databaseUrl: string;
  readonly kafkaBrokers: readonly string[];
}

const rounds = 5;
const perRound = 20_000;
const perSend = 500;
const targetPerSecond = 5_000;
const tenants = Array.from({ length: 24 }, (_, n) => `0190a000-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`);

/**
 * Events a second from the log to Kafka by the relay, beside a bare producer of kafkajs that sends the same records from memory,
 * in turn; prints medians and whether the target of `webhooks.md` 19 (S9) is met.
 */
export async function compareRelay({ databaseUrl, kafkaBrokers }: RelayBench): Promise<boolean> {
  const database = openDatabase<unknown>({ url: databaseUrl, role: 'events_ingest', poolSize: 2 });
  const client = createKafkaClient({
    ...{ brokers: kafkaBrokers, prefix: `bench${Date.now()}`, service: 'bench', log: silentLogger },
  });
  const relayed: number[] = [];
  const bare: number[] = [];
  try {
    await applyTopics(client);
    for (let round = -1; round < rounds; round++) {
      const rates = [
        await measureRelay(database, client, databaseUrl),
        await measureProducer(database, client),
      ] as const;
      if (round < 0) continue; // The first round warms up.
      relayed.push(rates[0]);
      bare.push(rates[1]);
    }
  } finally {
    await removeTopics(client);
    await database.close();
  }
  const [ours, theirs] = [quantile(relayed, 0.5), quantile(bare, 0.5)];
  const isMet = ours >= targetPerSecond;
  console.log(`\nevents a second to Kafka (median of ${rounds} rounds of ${perRound})`);
  console.log(`  relay, log to Kafka        ${ours.toFixed(0)}  (${range(relayed)})`);
  console.log(`  bare producer, from memory ${theirs.toFixed(0)}  (${range(bare)})`);
  console.log(`  ${isMet ? 'met   ' : 'MISSED'} relay, events/s: ${ours.toFixed(0)} (target ≥ ${targetPerSecond})`);
  return isMet;
}

const range = (rates: readonly number[]) => `${Math.min(...rates).toFixed(0)} to ${Math.max(...rates).toFixed(0)}`;
const perSecond = (begun: number) => (perRound * 1_000) / (performance.now() - begun);

async function measureRelay(database: Database<unknown>, client: KafkaClient, url: string): Promise<number> {
  await writeEvents(database);
  const done = Promise.withResolvers<void>();
  let sent = 0;
  let begun = 0;
  const relay = startRelay({
    ...{ client, url, database, owner: 'bench', topics: false as const },
    report(report) {
      if (report.kind === 'leads' && report.isLeader) begun = performance.now();
      if (report.kind === 'sent' && (sent += report.count) >= perRound) done.resolve();
      if (report.kind === 'failed') done.reject(report.error);
    },
  });
  try {
    await done.promise;
    return perSecond(begun);
  } finally {
    await relay.stop();
  }
}

async function writeEvents(database: Database<unknown>): Promise<void> {
  for (let written = 0; written < perRound; written += perSend) {
    await database.instance((tx) =>
      insertEvents(
        tx,
        'log',
        Array.from({ length: perSend }, (_, index) => {
          const tenant = tenants[(written + index) % tenants.length] ?? '';
          return {
            ...{ id: newId(), topic: 'uapi.search.v1', key: tenant, type: 'search.completed', version: 1 },
            ...{ source: 'urn:uapi:search', subject: `srch_${index}`, tenant_id: tenant, channels: [], test: false },
            data: JSON.stringify({
              search_id: `srch_${index}`,
              intent: 'definition',
              categories: ['knowledge'],
              ms: 42,
            }),
          };
        }),
      ),
    );
  }
}

/** The same number of records with the same bytes, made before the clock starts. */
async function measureProducer(database: Database<unknown>, client: KafkaClient): Promise<number> {
  const page = await database.instance((tx) =>
    readLog(tx, { source: 'log', after: startOfLog, topics: ['uapi.search.v1'], limit: perSend }),
  );
  const messages = page.events.map((event, index) => ({
    ...{ key: event.key, value: Buffer.from(page.bytesOf(index)), headers: headersOf(event) },
  }));
  const producer = client.producer();
  await producer.connect();
  const begun = performance.now();
  for (let sent = 0; sent < perRound; sent += messages.length) {
    await producer.send({ topic: client.topicName('uapi.search.v1'), acks: -1, timeout: 15_000, messages });
  }
  const rate = perSecond(begun);
  await producer.disconnect();
  return rate;
}

async function removeTopics(client: KafkaClient): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  const names = (await admin.listTopics()).filter((name) => name.startsWith(`${client.prefix}.`));
  if (names.length > 0) await admin.deleteTopics({ topics: names });
  await admin.disconnect();
}
