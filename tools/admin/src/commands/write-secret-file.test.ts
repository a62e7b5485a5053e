import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeIfAbsent, writeInPlace } from './write-secret-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-secret-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file is made once, for this user alone, and leaves no draft', () => {
  const file = join(folder, 'A');
  expect([writeIfAbsent(file, 'one'), writeIfAbsent(file, 'two')]).toEqual([true, false]);
  expect(readFileSync(file, 'utf8')).toBe('one');
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  expect(readdirSync(folder)).toEqual(['A']);
});

test('what has the name by then is left alone, even if it could not be read before', () => {
  const file = join(folder, 'A');
  symlinkSync('nowhere', file);
  expect(writeIfAbsent(file, 'one')).toBe(false);
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder)).toEqual(['A']);
});

test('a derived file follows what it is derived from', () => {
  const file = join(folder, 'A');
  expect([writeInPlace(file, 'one'), writeInPlace(file, 'one'), writeInPlace(file, 'two')]).toEqual([
    true,
    false,
    true,
  ]);
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['A']);
});
