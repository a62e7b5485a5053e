import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeAppLock } from './app-lock.ts';
import { identifyProcess, isAlive } from './process-identity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dead = { pid: process.pid, started: '1', url: 'http://127.0.0.1:1' };

describe('the lock of a data folder', () => {
  test('is held once, as long as its process lives', () => {
    takeAppLock(folder, 'http://127.0.0.1:8000');
    expect(() => takeAppLock(folder, 'http://127.0.0.1:8001')).toThrow(
      `already runs in this folder (pid ${process.pid}) at http://127.0.0.1:8000`,
    );
  });

  test('of a process that is gone is taken over, also when its pid lives again in another one', () => {
    writeFileSync(join(folder, 'app.lock.7'), JSON.stringify(dead));
    takeAppLock(folder, 'http://127.0.0.1:8000');
    expect(readdirSync(folder)).toEqual(['app.lock.8']);
  });

  test('that nobody can read holds nobody up', () => {
    writeFileSync(join(folder, 'app.lock.1'), '{"pid":');
    takeAppLock(folder, 'http://127.0.0.1:8000');
  });

  test('makes a missing folder, and says in one sentence when it cannot be written', () => {
    takeAppLock(join(folder, 'a/b'), 'u');
    const file = join(folder, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    expect(() => takeAppLock(join(file, 'data'), 'u')).toThrow(
      /cannot be written \(\w+\); make it writable .* DATA_DIR/,
    );
  });

  test('has one holder when three starts race for a stale one, 300 times', async () => {
    const folders = Array.from({ length: 300 }, (_, index) => join(folder, String(index)));
    for (const path of folders) {
      mkdirSync(path);
      writeFileSync(join(path, 'app.lock.1'), JSON.stringify(dead));
    }
    const racer = fileURLToPath(new URL('../test/race-for-lock.mjs', import.meta.url));
    const racers = await Promise.all(
      [0, 1, 2].map(async () => {
        const child = fork(racer, [], { env: { ...process.env, NODE_OPTIONS: '' } });
        await once(child, 'message');
        return child;
      }),
    );
    const wins: number[][] = [];
    for (const child of racers) child.once('message', (won) => wins.push(won as number[]));
    const ended = Promise.all(racers.map((child) => once(child, 'message')));
    for (const child of racers) child.send(folders);
    await ended;
    for (const child of racers) child.kill();
    const holders = folders.map((_, index) => wins.filter((won) => won.includes(index)).length);
    expect(holders).toEqual(folders.map(() => 1));
  });
});

describe('the identity of a process', () => {
  test('tells this one from no one', () => {
    const own = identifyProcess(process.pid);
    expect(own && isAlive(own)).toBe(true);
    expect(identifyProcess(2 ** 30)).toBeUndefined();
  });
});
