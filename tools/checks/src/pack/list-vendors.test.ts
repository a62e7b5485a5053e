import { afterAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listVendors } from './list-vendors.ts';

const root = mkdtempSync(join(tmpdir(), 'uapi-vendors-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const packages = {
  'libs/x': { optionalDependencies: { extra: '1.0.0' } },
  'node_modules/a': {
    dependencies: { b: '2.0.0' },
    peerDependencies: { c: '*', d: '*' },
    peerDependenciesMeta: { d: { optional: true } },
  },
  'node_modules/a/node_modules/b': {},
  'node_modules/b': {},
  'node_modules/c': { optionalDependencies: { 'other-platform': '1.0.0' } },
  'node_modules/d': {},
  'node_modules/other-platform': {},
};
for (const folder of Object.keys(packages))
  if (!folder.includes('other-platform')) mkdirSync(join(root, folder), { recursive: true });

test('the nearest copy, peers, and optional ones only where they are', () => {
  const found = listVendors(
    root,
    { packages },
    new Map([
      ['a', new Set(['libs/x'])],
      ['extra', new Set(['libs/x'])],
    ]),
  );
  expect([...found].sort()).toEqual(['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c']);
});

test('one that is imported and not installed ends it', () => {
  expect(() => listVendors(root, { packages }, new Map([['absent', new Set(['libs/x'])]]))).toThrow(
    'absent, needed by libs/x',
  );
});
