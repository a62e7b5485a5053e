import { afterAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childrenOf, parentOf } from './child-processes.ts';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { isLiving, markOf } from './living.ts';
import { livingServerOf, notePid, openFolder } from './server-folder.ts';
import { waitUntil } from './wait-until.ts';

const host = fileURLToPath(new URL('../../test/guard-host.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'uapi-guarded-'));
const running: GuardedProcess[] = [];

afterAll(async () => {
  for (const started of running) await started.end('SIGKILL', 10_000);
  rmSync(root, { recursive: true, force: true });
});

async function start(name: string, command: string, ...words: string[]): Promise<GuardedProcess> {
  const folder = openFolder(name, join(root, name));
  const started = await startGuarded({ folder, command, words, logFile: join(folder.path, 'log') });
  running.push(started);
  return started;
}

describe('ok', () => {
  test('the server is our own child, in its folder, without our environment, and what it prints is kept', async () => {
    const started = await start('plain', '/bin/sh', '-c', 'echo "$PWD $HOME $LC_ALL"; exec sleep 60');
    expect(await waitUntil(() => started.printed() !== '', 10_000)).toBe(true);
    expect(started.printed()).toBe(`${join(root, 'plain')}  C.UTF-8\n`);
    expect(parentOf(started.pid)).toBe(process.pid);
    expect(await started.end('SIGTERM', 10_000)).toBe(true);
    expect(started.ended()).toBe('SIGTERM');
  });

  test('after its end nothing is left: neither the server nor its watcher', async () => {
    const started = await start('ended', 'sleep', '60');
    expect(await waitUntil(() => childrenOf(started.pid).length === 1, 10_000)).toBe(true);
    const watcher = markOf(childrenOf(started.pid)[0] ?? 0);
    await started.end('SIGKILL', 10_000);
    expect(await waitUntil(() => watcher !== undefined && !isLiving(watcher), 10_000)).toBe(true);
  });

  test('a program that is not there ends at once and says so', async () => {
    const started = await start('absent', '/nowhere/at-all');
    expect(await waitUntil(() => started.ended() !== undefined, 10_000)).toBe(true);
    expect(started.printed()).toMatch(/nowhere/);
  });
});

describe('the parent is killed', () => {
  test('the server ends with it', async () => {
    const parent = spawn(process.execPath, [host, join(root, 'orphan')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(parent.stdout), 'line');
    const mark = markOf(Number(line));
    expect(mark).toBeDefined();
    const ended = once(parent, 'exit');
    parent.kill('SIGKILL');
    await ended;
    expect(await waitUntil(() => mark !== undefined && !isLiving(mark), 10_000)).toBe(true);
  }, 20_000);
});

describe('one server a folder', () => {
  test('a second one is refused by the pid that was written down, and starts once the first one is dead', async () => {
    const first = await start('one', 'sleep', '60');
    notePid(openFolder('one', join(root, 'one')), first.pid);
    await expect(start('one', 'sleep', '60')).rejects.toThrow(`A server (pid ${first.pid}) already runs on`);
    await first.end('SIGKILL', 10_000);
    const second = await start('one', 'sleep', '60');
    expect(second.ended()).toBeUndefined();
  });

  test('two that start at once: the lock lets one in, though no pid is written down yet', async () => {
    const both = await Promise.all([start('race', 'sleep', '60'), start('race', 'sleep', '60')]);
    expect(await waitUntil(() => both.some((one) => one.ended() !== undefined), 10_000)).toBe(true);
    const refused = both.filter((one) => one.ended() !== undefined);
    expect(refused.map((one) => one.ended())).toEqual([`another server holds ${join(root, 'race')}`]);
  });

  test('the pid of a dead server, given to another process, keeps nobody out', () => {
    const folder = openFolder('stale', join(root, 'stale'));
    notePid(folder, process.pid);
    expect(livingServerOf(folder)?.pid).toBe(process.pid);
    expect(isLiving({ pid: process.pid, started: '1' })).toBe(false);
  });
});
