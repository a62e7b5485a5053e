import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeAppLock } from './app-lock.ts';
import { identifyProcess, isAlive } from './process-identity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a data folder', () => {
  test('is held once, and free again after its release', () => {
    const lock = takeAppLock(folder, 'http://127.0.0.1:8000');
    expect(() => takeAppLock(folder, 'http://127.0.0.1:8001')).toThrow(
      `already runs in this folder (pid ${process.pid}) at http://127.0.0.1:8000`,
    );
    lock.release();
    expect(existsSync(join(folder, 'app.lock'))).toBe(false);
    takeAppLock(folder, 'http://127.0.0.1:8001').release();
  });

  test('of a process that is gone is taken over, also when its pid lives again in another one', () => {
    const other = { pid: process.pid, started: '1', url: 'http://127.0.0.1:1' };
    writeFileSync(join(folder, 'app.lock'), JSON.stringify(other));
    takeAppLock(folder, 'http://127.0.0.1:8000').release();
  });

  test('that was cut off in the middle of its writing holds nobody up', () => {
    writeFileSync(join(folder, 'app.lock'), '{"pid":');
    takeAppLock(folder, 'http://127.0.0.1:8000').release();
  });

  test('makes a missing folder, and says in one sentence when it cannot be written', () => {
    takeAppLock(join(folder, 'a/b'), 'u').release();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    expect(() => takeAppLock(join(file, 'data'), 'u')).toThrow(
      /cannot be written \(\w+\); make it writable .* DATA_DIR/,
    );
  });
});

describe('the identity of a process', () => {
  test('tells this one from no one', () => {
    const own = identifyProcess(process.pid);
    expect(own && isAlive(own)).toBe(true);
    expect(identifyProcess(2 ** 30)).toBeUndefined();
  });
});
