import { describe, expect, test } from '@jest/globals';
import { fromJson, httpRules, methodRules, methodsOf, productContract, validateMessage } from '@universal-api/protos';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadExamples } from './load-examples.ts';

describe('the examples of the product', () => {
  const methods = methodsOf(productContract()).filter((method) => httpRules(method).length > 0);
  const examples = loadExamples();

  test('are one for each operation that has a route, and no more', () => {
    const names = methods.map((method) => methodRules(method).operation || method.name);
    expect([...examples.keys()]).toEqual(names.toSorted());
  });

  test.each(methods.map((method) => [methodRules(method).operation || method.name, method] as const))(
    '%s: its request is in proto spelling and would be accepted',
    (name, method) => {
      const request = examples.get(name)?.request ?? {};
      const known = new Set(method.input.fields.map((field) => field.name));
      expect(Object.keys(request).filter((field) => !known.has(field))).toEqual([]);
      const message = fromJson(method.input, request as never, { ignoreUnknownFields: false });
      expect(validateMessage(method.input, message)).toEqual([]);
    },
  );
});

describe('a folder of examples', () => {
  const load = (files: Record<string, string>) => {
    const root = mkdtempSync(join(tmpdir(), 'examples-'));
    try {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, 'uapi', name)), { recursive: true });
        writeFileSync(join(root, 'uapi', name), text);
      }
      return loadExamples(pathToFileURL(`${root}/`));
    } finally {
      rmSync(root, { recursive: true });
    }
  };

  test('is read in alphabetical order of operations, over all packages', () => {
    const examples = load({
      'search/v1/examples/b.two.json': '{"request":{"x":1}}',
      'auth/v1/examples/a.one.json': '{"request":{},"response":{"ok":true}}',
      'search/v1/search.proto': '',
      'options/v1/options.proto': '',
    });
    expect([...examples]).toEqual([
      ['a.one', { request: {}, response: { ok: true } }],
      ['b.two', { request: { x: 1 } }],
    ]);
  });

  test('is refused when a file is no example, and the file is named', () => {
    expect(() => load({ 'search/v1/examples/a.json': '[]' })).toThrow('a.json is no object');
    expect(() => load({ 'search/v1/examples/a.json': '{}' })).toThrow('a.json has no object `request`');
    expect(() => load({ 'search/v1/examples/a.json': '{"request":{},"response":1}' })).toThrow('`response`');
    expect(() => load({ 'search/v1/examples/a.json': '{"request":{},"path":"/"}' })).toThrow('nothing reads `path`');
  });

  test('is refused when two packages claim one operation', () => {
    const file = '{"request":{}}';
    expect(() => load({ 'auth/v1/examples/a.json': file, 'search/v1/examples/a.json': file })).toThrow('two examples');
  });
});
