import { expect, test } from '@jest/globals';
import { findImports } from './find-imports.ts';

test('what runs is found, and what types alone need is not', () => {
  const found = findImports(`
import type { A } from './a.ts';
import { type B, c } from './c.ts';
import json from './d.json' with { type: 'json' };
export { e } from '@universal-api/e/door';
import 'node:fs';
const late: unknown = await import('./late.ts');
// import { f } from './comment.ts';
`);
  expect(found.modules).toEqual(['./c.ts', './d.json', '@universal-api/e/door', 'node:fs', './late.ts']);
  expect(found.unknown).toEqual([]);
});

test('files that are read beside the module are found, up to where a name is put together', () => {
  const source =
    "const a = new URL('../gen/a.bin', import.meta.url), b = new URL(`./assets/${name}`, import.meta.url);";
  expect(findImports(source).paths).toEqual(['../gen/a.bin', './assets/']);
});

test('packages of which a file is looked up are found', () => {
  const source =
    "import { createRequire } from 'node:module';\ncreateRequire(import.meta.url).resolve('vendor/package.json');";
  expect(findImports(source).resolved).toEqual(['vendor/package.json']);
});

test.each(['await import(name)', 'await import(`@vendor/${platform}`)', 'new URL(name, import.meta.url)'])(
  '%s cannot be followed',
  (source) => expect(findImports(source).unknown).toHaveLength(1),
);
