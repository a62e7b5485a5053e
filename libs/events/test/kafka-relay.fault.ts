/** Log → relay → Kafka → consumer while the hosts of each are killed (W04, W08, W09). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type KafkaServer, startKafka } from '@universal-api/infra';
import { describeWithInfra, randomPrefix } from '@universal-api/testing/brokers';
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { applyTopics } from '../src/kafka/index.ts';
import { createEventFixture, type EventFixture } from './event-fixture.ts';
import { createClient, until } from './kafka-fixture.ts';
import { createKeyedWriter, judgeEffects } from './write-keyed.ts';

const isShort = process.env['FAULTS'] === 'short';
const count = isShort ? 10_000 : 100_000;
/** The writing lasts long enough for every kind of kill to happen, more than once where it is the full run. */
const writeMs = isShort ? 16_000 : 70_000;
const killRelayMs = 2_000;
const killReaderMs = isShort ? 8_000 : 20_000;
const killBrokerMs = writeMs / 2;
const perTransaction = 100;

describeWithInfra('kill -9 of the relay every 2 s, of a consumer every 20 s, of the broker once', () => {
  let kafka: KafkaServer;
  let fixture: EventFixture;
  const prefix = randomPrefix();
  const children = new Set<ChildProcess>();
  beforeAll(async () => {
    [kafka, fixture] = await Promise.all([startKafka(), createEventFixture()]);
    await applyTopics(createClient(kafka.brokers, prefix));
  }, 180_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await kafka.stop();
    await fixture.test.drop();
  }, 60_000);

  function start(program: 'relay-host' | 'kafka-reader'): ChildProcess {
    const file = fileURLToPath(new URL(`./processes/${program}.ts`, import.meta.url));
    const child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', file], {
      env: { DATABASE_URL: fixture.test.url, KAFKA_BROKERS: kafka.brokers.join(), UAPI_PREFIX: prefix },
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('a process had ended by itself');
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Two hosts; every so often the older one is killed and another started. Gives back how many were killed. */
  async function killAgainAndAgain(program: 'relay-host' | 'kafka-reader', everyMs: number, isOver: () => boolean) {
    const hosts = [start(program), start(program)];
    let kills = 0;
    for (let next = Date.now() + everyMs; !isOver(); await setTimeout(50)) {
      if (Date.now() < next) continue;
      const oldest = hosts.shift();
      if (oldest) await kill(oldest);
      hosts.push(start(program));
      kills++;
      next = Date.now() + everyMs;
    }
    return { kills, hosts };
  }

  test(`${count} events: each has one effect, in the order of its key, and nobody has to do anything`, async () => {
    const writer = createKeyedWriter(fixture.test.database<unknown>('events_ingest'));
    let isWritten = false;
    const killing = [
      killAgainAndAgain('relay-host', killRelayMs, () => isWritten),
      killAgainAndAgain('kafka-reader', killReaderMs, () => isWritten),
    ];
    const begun = Date.now();
    const breaking = setTimeout(killBrokerMs).then(async () => {
      await kafka.kill();
      await kafka.restart();
    });
    for (let done = 0; done < count; done += perTransaction) {
      await writer.write(done / perTransaction, perTransaction);
      await setTimeout(Math.max(0, begun + (writeMs * done) / count - Date.now()));
    }
    await breaking;
    isWritten = true;
    const [relays, readers] = await Promise.all(killing);
    const judge = () => judgeEffects(fixture.ingest, 'killed');
    const writtenMs = Date.now() - begun;
    await until(async () => (await judge()).missing === 0, 180_000);
    process.stdout.write(
      `${count} events in ${writtenMs} ms; ${relays?.kills} relays and ${readers?.kills} consumers killed; ` +
        `all effects ${Date.now() - begun - writtenMs} ms later\n`,
    );
    expect(relays?.kills).toBeGreaterThan(4);
    expect(readers?.kills).toBeGreaterThan(0);
    expect(await judge()).toEqual({ effects: count, events: count, inversions: 0, missing: 0 });
  }, 400_000);
});
