import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeWithBrokers } from '@universal-api/testing/brokers';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createKafkaFixture, type KafkaFixture, until } from './kafka-fixture.ts';

jest.setTimeout(60_000);

const page = readFileSync(new URL('../../../docs/events/consuming.md', import.meta.url), 'utf8');
const blocksOf = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);
const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const hasKcat = spawnSync('kcat', ['-V']).status === 0;

/** A program, and the lines that it has printed so far. */
function run(command: string, words: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(command, words, { cwd: packageFolder, env: { ...process.env, ...env } });
  const printed = { text: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed.errors += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { printed, ended, end: () => child.kill('SIGKILL') && ended };
}

describeWithBrokers('the page for consumers', ({ kafkaBrokers }) => {
  let fixture: KafkaFixture;
  let topic: string;
  beforeAll(async () => {
    fixture = await createKafkaFixture(kafkaBrokers);
    fixture.startRelay();
    topic = fixture.client.topicName('uapi.search.v1');
    await fixture.publish('page', 1, 2, 3);
    await fixture.untilRelayed();
  });
  afterAll(() => fixture.drop());

  test('has a program for kafkajs that reads what is there, and after a restart only what is new', async () => {
    const [consume = ''] = blocksOf('js');
    const environment = {
      KAFKA_BROKERS: kafkaBrokers.join(),
      TOPICS: topic,
      GROUP: fixture.client.groupName('reports'),
    };
    const start = () => run(process.execPath, ['--input-type=module', '--eval', consume], environment);
    const linesOf = ({ printed }: ReturnType<typeof run>) =>
      printed.text.split('\n').filter((line) => line.startsWith('probe.changed.v1 page '));
    const first = start();
    await until(() => linesOf(first).length >= 3);
    const admin = fixture.client.admin();
    await admin.connect();
    await until(async () => {
      const [offsets] = await admin.fetchOffsets({ groupId: environment.GROUP, topics: [topic] });
      return offsets?.partitions.some(({ offset }) => offset === '3') === true;
    });
    await admin.disconnect();
    await first.end();
    await fixture.publish('page', 4);
    const second = start();
    await until(() => linesOf(second).length >= 1);
    await second.end();
    const numbersOf = (running: ReturnType<typeof run>) =>
      linesOf(running).map((line) => (JSON.parse(line.split(' ')[2] ?? '') as { ms: number }).ms);
    expect(numbersOf(second)).toEqual([4]);
    expect(linesOf(first).map((line) => (JSON.parse(line.split(' ')[2] ?? '') as { ms: number }).ms)).toEqual([
      1, 2, 3,
    ]);
  });

  test('has a way to set a group to a time, which kafkajs takes', async () => {
    const [, replay = ''] = blocksOf('js');
    const group = fixture.client.groupName('replayed');
    const program = `
      import { Kafka } from 'kafkajs';
      const kafka = new Kafka({ clientId: 'x', brokers: process.env.KAFKA_BROKERS.split(','), retry: { retries: 5 } });
      ${replay.replaceAll('uapi.search.v1', topic).replace("groupId: 'reports'", `groupId: '${group}'`)}`;
    const running = run(process.execPath, ['--input-type=module', '--eval', program], {
      KAFKA_BROKERS: kafkaBrokers.join(),
    });
    expect([await running.ended, running.printed.errors.replaceAll(/^.*(Timeout|trace-warnings).*\n/gm, '')]).toEqual([
      0,
      '',
    ]);
    const admin = fixture.client.admin();
    await admin.connect();
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    await admin.disconnect();
    expect(offsets?.partitions).toHaveLength(12);
    expect(offsets?.partitions.every(({ offset }) => Number(offset) >= 0)).toBe(true);
  });

  (hasKcat ? test : test.skip)('has commands for kcat that read the records with their headers', async () => {
    const [replay] = blocksOf('sh').filter((text) => text.includes('s@'));
    const command = (replay ?? '')
      .replace('localhost:9092', kafkaBrokers.join())
      .replace('uapi.search.v1', topic)
      .replace(/s@\d+/, `s@${Date.now() - 600_000}`);
    const running = run('sh', ['-c', command]);
    expect(await running.ended).toBe(0);
    expect(running.printed.text).toContain('ce_type=probe.changed.v1');
    expect(running.printed.text.match(/"ms": \d+/g)).toEqual(['"ms": 1', '"ms": 2', '"ms": 3', '"ms": 4']);
  });
});
