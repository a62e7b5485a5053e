import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findTwin, newTwin, oldTwinOf } from './find-twin.ts';
import { planHome, readHome, settleHome } from './home-file.ts';

let folder = '';
let twin = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-find-'));
  twin = newTwin();
});

afterEach(() => {
  for (const path of [folder, twin, oldTwinOf(folder)]) rmSync(path, { recursive: true, force: true });
});

const write = (file: string, text = 'secret') => writeFileSync(join(folder, file), text);
const makePg = (home: string) => mkdirSync(join(home, 'pg'), { recursive: true });

describe('ok', () => {
  test('what is planned is found once it is made, and what is settled stays so', () => {
    planHome(folder, twin);
    expect(findTwin(folder)).toBeUndefined();
    mkdirSync(twin);
    expect(findTwin(folder)).toBe(twin);
    makePg(twin);
    settleHome(folder, twin);
    settleHome(folder, twin);
    expect(findTwin(folder)).toBe(twin);
    expect(readHome(folder)).toEqual({ home: twin, isSettled: true });
    expect(readdirSync(folder)).toEqual(['pg.home']);
  });

  test('a settled twin goes before a planned one, and both before the old layout', () => {
    makePg(twin);
    makePg(oldTwinOf(folder));
    write('pg.secret');
    expect(findTwin(folder)).toBe(oldTwinOf(folder));
    planHome(folder, twin);
    expect(findTwin(folder)).toBe(twin);
    write('pg.home', oldTwinOf(folder));
    expect(findTwin(folder)).toBe(oldTwinOf(folder));
  });

  test('the twin of the old layout has its name from the path, a new one from nothing', () => {
    const name = createHash('sha256').update('/srv/data').digest('hex').slice(0, 16);
    expect(oldTwinOf('/srv/data')).toBe(`/var/tmp/universal-api-${name}`);
    expect(newTwin()).toMatch(/^\/var\/tmp\/universal-api-[0-9a-f]{16}$/);
    expect(newTwin()).not.toBe(newTwin());
  });
});

describe('absent', () => {
  test('a new folder has none, although an earlier one at its path left a twin', () => {
    makePg(oldTwinOf(folder));
    expect(findTwin(folder)).toBeUndefined();
  });

  test('a first start that was killed in the folder itself, or before the old layout had a cluster, has none', () => {
    write('pg.secret');
    for (const left of ['pg.new', 'pg.init']) {
      write(left);
      expect(findTwin(folder)).toBeUndefined();
      rmSync(join(folder, left));
    }
    planHome(folder, '.');
    expect(findTwin(folder)).toBeUndefined();
    rmSync(join(folder, 'pg.home.next'));
    mkdirSync(oldTwinOf(folder));
    expect(findTwin(folder)).toBeUndefined();
  });
});

describe('refused', () => {
  test('a settled twin that is gone, or has lost its cluster', () => {
    write('pg.home', twin);
    expect(() => findTwin(folder)).toThrow(`was in ${twin} and is gone`);
    mkdirSync(twin);
    expect(() => findTwin(folder)).toThrow(`was in ${twin} and is gone`);
  });

  test('a password of the old layout without any twin', () => {
    write('pg.secret');
    expect(() => findTwin(folder)).toThrow('it stayed with the path where it was made');
  });

  test.each(['', '.', '/', '/etc', '/var/tmp/universal-api-0123456789abcdef/../x', 'universal-api-0123456789abcdef'])(
    'a text that is no path of a twin (%j)',
    (text) => {
      write('pg.home', text);
      expect(() => findTwin(folder)).toThrow('does not say where the database is');
    },
  );

  test('a file that cannot be read', () => {
    mkdirSync(join(folder, 'pg.home.next'));
    expect(() => findTwin(folder)).toThrow(`${join(folder, 'pg.home.next')} cannot be read (EISDIR)`);
  });
});
