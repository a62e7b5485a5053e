import { afterAll, expect, test } from '@jest/globals';
import { describeWithBrokers } from '@universal-api/testing/brokers';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isLiving, markOf } from '../process/living.ts';
import { PortTaken } from '../server.ts';
import { askRedis } from './ask-redis.ts';
import { startRedis } from './start-redis.ts';

const root = mkdtempSync(join(tmpdir(), 'uapi-redis-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function settingOf(port: number, name: string): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1', () => socket.write(`CONFIG GET ${name}\r\nQUIT\r\n`));
  const answer = await text(socket);
  return answer.split('\r\n')[4];
}

describeWithBrokers("a Redis of one's own", () => {
  test('answers with the settings of the product, and after its stop nothing is left', async () => {
    const redis = await startRedis({ maxmemory: '64mb' });
    const mark = markOf(redis.pid);
    expect(redis.url).toBe(`redis://127.0.0.1:${redis.port}`);
    for (const [name, value] of [
      ['maxmemory-policy', 'noeviction'],
      ['appendonly', 'yes'],
      ['maxmemory', String(64 * 1_024 * 1_024)],
    ] as const) {
      expect(await settingOf(redis.port, name)).toBe(value);
    }
    await redis.stop();
    expect(mark && isLiving(mark)).toBe(false);
    expect(existsSync(redis.folder)).toBe(false);
    await expect(askRedis(redis.port, 'PING')).rejects.toThrow();
  });

  test('a second one on its folder is refused, and the first one goes on', async () => {
    const folder = join(root, 'one');
    const redis = await startRedis({ folder });
    await expect(startRedis({ folder })).rejects.toThrow(`A server (pid ${redis.pid}) already runs on`);
    expect(await askRedis(redis.port, 'PING')).toBe('+PONG');
    await redis.stop();
  });

  test('a port that is taken is refused in a sentence', async () => {
    const first = await startRedis();
    await expect(startRedis({ port: first.port })).rejects.toThrow(PortTaken);
    await first.stop();
  });

  test('what was written is there after a stop and a start on the same folder', async () => {
    const folder = join(root, 'kept');
    const first = await startRedis({ folder });
    expect(await askRedis(first.port, 'SET word kept')).toBe('+OK');
    await first.stop();
    const second = await startRedis({ folder });
    expect(await askRedis(second.port, "EVAL \"return {ok=redis.call('GET','word')}\" 0")).toBe('+kept');
    await second.stop();
  });
});
