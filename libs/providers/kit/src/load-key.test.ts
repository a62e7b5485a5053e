import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { loadKey } from './load-key.ts';

test('a key is read from its variable, and prints as ***', () => {
  const key = loadKey('X_KEY', { X_KEY: ' abc ' });
  expect(key?.reveal()).toBe('abc');
  expect([String(key), JSON.stringify({ key }), inspect({ key })]).toEqual(['***', '{"key":"***"}', '{ key: *** }']);
});

test('no key is no key, and an empty one too', () => {
  expect(loadKey('X_KEY', {})).toBeUndefined();
  expect(loadKey('X_KEY', { X_KEY: '  ' })).toBeUndefined();
});

test('a key is read from a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'key-'));
  await writeFile(join(folder, 'key'), 'from-file\n');
  await writeFile(join(folder, 'empty'), '\n');
  expect(loadKey('X_KEY', { X_KEY_FILE: join(folder, 'key') })?.reveal()).toBe('from-file');
  expect(loadKey('X_KEY', { X_KEY_FILE: join(folder, 'empty') })).toBeUndefined();
  expect(() => loadKey('X_KEY', { X_KEY_FILE: join(folder, 'none') })).toThrow('X_KEY_FILE: cannot be read');
  await rm(folder, { recursive: true });
});

test('a refusal names the variable and never the value', () => {
  const refusal = (environment: Record<string, string>) => {
    try {
      loadKey('X_KEY', environment);
    } catch (error) {
      return inspect(error);
    }
    return '';
  };
  expect(refusal({ X_KEY: 'hidden', X_KEY_FILE: '/f' })).toContain('set it or X_KEY_FILE, not both');
  expect(refusal({ X_KEY: 'two words' })).toContain('X_KEY: visible ASCII');
  expect(refusal({ X_KEY: 'two words' })).not.toContain('two words');
});
