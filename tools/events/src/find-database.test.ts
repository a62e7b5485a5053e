import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDatabase } from './find-database.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-tail-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Leaves behind what a running `npm start` has in its data folder. */
function play(secrets: string | undefined) {
  mkdirSync(join(folder, 'pg'));
  writeFileSync(join(folder, 'pg/postmaster.pid'), `4242\n${folder}/pg\n1767322800\n54321\n\n127.0.0.1\n\nready   \n`);
  if (secrets !== undefined) writeFileSync(join(folder, 'secrets.json'), secrets);
}

describe('the database', () => {
  test('is that of DATABASE_URL, whatever else runs', () => {
    play('{}');
    expect(findDatabase({ DATABASE_URL: 'postgresql://a@b/c', DATA_DIR: folder })).toBe('postgresql://a@b/c');
  });

  test('is the embedded one of the folder, with its port and its password', () => {
    const password = 'v1:a/b+c=@#';
    play(JSON.stringify({ DATABASE_PASSWORD: password }));
    const url = new URL(findDatabase({ DATA_DIR: folder }));
    expect([url.host, url.pathname, url.username]).toEqual(['127.0.0.1:54321', '/uapi', 'uapi']);
    expect(decodeURIComponent(url.password)).toBe(password);
  });
});

describe('no database', () => {
  test('because nothing runs: says what to do', () => {
    expect(() => findDatabase({ DATA_DIR: folder })).toThrow('npm start there first, or set DATABASE_URL');
  });

  test.each([undefined, '{', '{"DATABASE_PASSWORD": 1}'])('because the secrets are %s', (secrets) => {
    play(secrets);
    expect(() => findDatabase({ DATA_DIR: folder })).toThrow('secrets.json');
  });
});
