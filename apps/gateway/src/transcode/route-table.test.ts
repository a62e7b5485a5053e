import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseTemplate, valueOf, type PathTemplate } from './match-template.ts';
import { createRouteTable } from './route-table.ts';

function tableOf(...rules: [verb: 'GET' | 'POST' | 'PATCH' | 'DELETE', template: string][]) {
  const table = createRouteTable<PathTemplate>();
  for (const [verb, text] of rules) {
    const template = parseTemplate(text);
    table.add(verb, template, template);
  }
  return table;
}

const targetOf = (table: ReturnType<typeof tableOf>, verb: string, path: string) => {
  const match = table.find(verb, path);
  return match.kind === 'found' ? match.target.text : match.kind;
};

describe('finding a route', () => {
  const table = tableOf(
    ['GET', '/things/{id}'],
    ['GET', '/things/new'],
    ['POST', '/things/{id}:cancel'],
    ['POST', '/things/new'],
    ['DELETE', '/things/{id}'],
    ['GET', '/things/{id}/parts/{part}'],
    ['GET', '/things/new/parts'],
    ['GET', '/files/{path=**}'],
    ['GET', '/files/readme'],
    ['GET', '/'.padEnd(2, 'x')],
  );
  test.each([
    ['GET', '/things/7', '/things/{id}'],
    ['GET', '/things/new', '/things/new'],
    ['GET', '/things/new/', '/things/new'],
    ['HEAD', '/things/7', '/things/{id}'],
    ['GET', '/things/new/parts/3', '/things/{id}/parts/{part}'],
    ['DELETE', '/things/new', '/things/{id}'],
    ['POST', '/things/7:cancel', '/things/{id}:cancel'],
    ['GET', '/things/7:cancel', '/things/{id}'],
    ['GET', '/things/7:other', '/things/{id}'],
    ['GET', '/files/a/b/c', '/files/{path=**}'],
    ['GET', '/files/readme', '/files/readme'],
    ['GET', '/files/readme/x', '/files/{path=**}'],
    ['GET', '/files', '/files/{path=**}'],
    ['GET', '/things//parts/1', 'absent'],
    ['GET', '/nothing', 'absent'],
    ['GET', '/', 'absent'],
  ])('%s %s → %s', (verb, path, target) => expect(targetOf(table, verb, path)).toBe(target));

  test('a known path with another verb names those that it takes, over all templates that match', () => {
    expect(table.find('PATCH', '/things/new')).toEqual({
      kind: 'wrong_verb',
      allowed: ['HEAD', 'GET', 'POST', 'DELETE'],
    });
    expect(table.find('GET', '/x')).toMatchObject({ kind: 'found' });
    expect(table.find('TRACE', '/files/a')).toEqual({ kind: 'wrong_verb', allowed: ['HEAD', 'GET'] });
  });

  test('escapes are decoded, %2F too, and a malformed one is the fault of the caller', () => {
    expect(table.find('GET', '/files/a%2Fb/%E2%82%AC')).toMatchObject({ segments: ['files', 'a/b', '€'] });
    expect(() => table.find('GET', '/things/%zz')).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  test('two rules of the same shape clash at the start', () => {
    expect(() => tableOf(['GET', '/a/{x}'], ['GET', '/a/{y}'])).toThrow('GET /a/{y} clashes with /a/{x}');
    expect(() => tableOf(['GET', '/a/{x=**}'], ['GET', '/a/**'])).toThrow('clashes');
    expect(() => tableOf(['GET', '/a/{x}'], ['POST', '/a/{y}'], ['GET', '/a/{y}:z'])).not.toThrow();
  });
});

/** A slow matcher that is right beyond doubt. */
function matches(template: PathTemplate, segments: readonly string[]): boolean {
  const words = template.segments.map((segment) =>
    segment.kind === 'literal' ? segment.text : segment.kind === 'one' ? '[^/]+' : '.*',
  );
  const pattern = words.join('/').replace(/\/\.\*$/, '(?:/.*)?');
  return new RegExp(`^${pattern}$`).test(segments.join('/'));
}

const segment = fc.constantFrom('a', 'b', 'c');
const templates = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([parts, isOpen]) => `/${[...parts, ...(isOpen ? ['**'] : [])].join('/')}`);

describe('any table', () => {
  test('finds a route exactly when one of its templates matches, and only one that does', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(templates, { maxLength: 8 }),
        fc.array(segment, { minLength: 1, maxLength: 5 }),
        (texts, segments) => {
          const table = tableOf(...texts.map((text) => ['GET', text] as ['GET', string]));
          const fitting = texts.filter((text) => matches(parseTemplate(text), segments));
          const found = targetOf(table, 'GET', `/${segments.join('/')}`);
          expect(fitting.length === 0 ? 'absent' : fitting).toEqual(
            fitting.length === 0 ? found : expect.arrayContaining([found]),
          );
        },
      ),
    );
  });

  test('gives back what was put into the path, whatever it is', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value.isWellFormed());
    fc.assert(
      fc.property(text, text, (one, other) => {
        const table = tableOf(['GET', '/x/{a}/{b=y/*}'], ['GET', '/z/{c=**}']);
        const path = `/x/${encodeURIComponent(one)}/y/${encodeURIComponent(other)}`;
        const match = table.find('GET', path);
        if (match.kind !== 'found') throw new Error('not found');
        expect(match.target.variables.map((variable) => valueOf(variable, match.segments))).toEqual([
          one,
          `y/${other}`,
        ]);
        const rest = table.find('GET', `/z/${encodeURIComponent(one)}/${encodeURIComponent(other)}`);
        if (rest.kind !== 'found') throw new Error('not found');
        expect(rest.target.variables.map((variable) => valueOf(variable, rest.segments))).toEqual([`${one}/${other}`]);
      }),
    );
  });
});
