import { afterAll, expect, test } from '@jest/globals';
import { describeWithBrokers } from '@universal-api/testing/brokers';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTopic, hasTopic } from '../../test/ask-broker.ts';
import { isLiving, markOf } from '../process/living.ts';
import { PortTaken } from '../server.ts';
import { startKafka } from './start-kafka.ts';

const root = mkdtempSync(join(tmpdir(), 'uapi-kafka-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describeWithBrokers("a Kafka of one's own", () => {
  test('answers, keeps topics over a stop, refuses a second broker on its folder, and leaves nothing behind', async () => {
    const folder = join(root, 'main');
    // What a start that was killed while it formatted leaves.
    mkdirSync(join(folder, 'data.unfinished-killed', 'log'), { recursive: true });
    writeFileSync(join(folder, 'data.unfinished-killed', 'log', 'meta.properties'), 'version=');
    const first = await startKafka({ folder });
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
    expect(await createTopic(first.port, 'kept')).toBe(0);
    await expect(startKafka({ folder })).rejects.toThrow(`A server (pid ${first.pid}) already runs on`);
    expect(await hasTopic(first.port, 'kept')).toBe(true);
    const mark = markOf(first.pid);
    await first.stop();
    expect(mark && isLiving(mark)).toBe(false);

    const second = await startKafka({ folder });
    expect(second.brokers).toEqual([`127.0.0.1:${second.port}`]);
    expect(await hasTopic(second.port, 'kept')).toBe(true);
    expect(await hasTopic(second.port, 'never-created')).toBe(false);
    await second.stop();
    expect(existsSync(folder)).toBe(true);
  }, 60_000);

  test('a port that is taken is refused in a sentence, and the folder of the refused one is free again', async () => {
    const first = await startKafka();
    const folder = join(root, 'refused');
    await expect(startKafka({ folder, port: first.port })).rejects.toThrow(PortTaken);
    await first.stop();
    expect(existsSync(first.folder)).toBe(false);
    const later = await startKafka({ folder });
    await later.stop();
  }, 60_000);

  test('a start that cannot even format its folder leaves none behind', async () => {
    const temporary = mkdtempSync(join(root, 'temporary-'));
    const file = new URL('./start-kafka.ts', import.meta.url).href;
    // Less than Java begins with.
    const program = `const home = '${file}'; const { startKafka } = await import(home); await startKafka({ heapMb: 1 });`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, TMPDIR: temporary },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('Initial heap size')]);
    expect(readdirSync(temporary).filter((name) => name.startsWith('uapi-'))).toEqual([]);
  }, 60_000);
});
