import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readOptions } from './read-options.ts';

test('options have defaults, and a file of profiles is read', () => {
  expect(readOptions([], 9900)).toEqual({ port: 9900, seed: 1, profiles: {} });
  const folder = mkdtempSync(join(tmpdir(), 'profiles-'));
  writeFileSync(join(folder, 'p.json'), '{"photon": "latency(1,2)"}');
  const words = ['--port', '1234', '--seed', '7', '--profile', join(folder, 'p.json')];
  expect(readOptions(words, 9900)).toEqual({ port: 1234, seed: 7, profiles: { photon: 'latency(1,2)' } });
  rmSync(folder, { recursive: true });
});

test.each([
  [['--port', '99999'], '--port must be'],
  [['--seed', '-1'], '--seed'],
  [['--seed', 'x'], '--seed must be'],
  [['--speed', '1'], '--speed'],
])('%j is refused by name', (words, why) => {
  expect(() => readOptions(words, 9900)).toThrow(why);
});
