import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fillFixture } from './fill-fixture.ts';
import type { Fixture } from './load-fixtures.ts';
import { matchFixtures } from './match-fixture.ts';

const fixture = (body: unknown): Fixture => ({
  file: 'a.b.success.json',
  operation: 'a.b',
  case: 'success',
  source: 'https://example.org, 2026-11-24',
  request: { host: 'base', method: 'GET', path: '/items/{id}', query: { lat: '{lat}', q: '{text}', kind: 'x' } },
  status: 200,
  headers: {},
  body,
});
const filled = (body: unknown, values: Record<string, string>) =>
  JSON.parse(fillFixture({ fixture: fixture(body), values }).body) as unknown;

describe('an answer about what was asked', () => {
  test('has the texts and numbers of the question, and the rest as recorded', () => {
    const body = { at: ['{lat:number}', '{lat}'], label: 'near {text} ({lat})', other: '{unknown}', n: 1, none: null };
    expect(filled(body, { lat: '48.5', text: 'Lyon' })).toEqual({
      at: [48.5, '48.5'],
      label: 'near Lyon (48.5)',
      other: '{unknown}',
      n: 1,
      none: null,
    });
  });

  test('has no number where the question has none', () => {
    expect(filled({ lat: '{lat:number}' }, { lat: 'north' })).toEqual({ lat: '{lat:number}' });
  });

  test('is any recorded answer without names in braces, unchanged', () => {
    const json = fc.jsonValue().filter((value) => typeof value !== 'string' && !JSON.stringify(value).includes('{lat'));
    fc.assert(
      fc.property(json, (body) => {
        expect(filled(body, { lat: '1' })).toEqual(JSON.parse(JSON.stringify(body)));
      }),
    );
  });

  test('keeps whatever text was asked, quotes and braces too', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(filled({ label: '{text}' }, { text })).toEqual({ label: text });
      }),
    );
  });
});

test('the open places of path and query are read; another word, method or length is another request', () => {
  const match = (url: string, method = 'GET') => matchFixtures([fixture('')], { method, url })[0]?.values;
  expect(match('/base/items/a%20b?lat=1&q=L%C3%A9on&kind=x&more=1')).toEqual({ id: 'a b', lat: '1', text: 'Léon' });
  expect(match('/base/items/1?lat=1&q=2&kind=y')).toBeUndefined();
  expect(match('/base/items/1?lat=1&kind=x')).toBeUndefined();
  expect(match('/base/items/1/2?lat=1&q=2&kind=x')).toBeUndefined();
  expect(match('/base/items/1?lat=1&q=2&kind=x', 'POST')).toBeUndefined();
});

test('a point in one value is told from a name, and both its numbers are read', () => {
  const of = (operation: string, q: string): Fixture => ({
    ...fixture(''),
    operation,
    request: { host: 'base', method: 'GET', path: '/json', query: { q } },
  });
  const fixtures = [of('a.forward', '{text}'), of('a.reverse', '{lat:number},{lon:number}')];
  const first = (q: string) =>
    matchFixtures(fixtures, { method: 'GET', url: `/base/json?q=${encodeURIComponent(q)}` })[0];
  expect(first('48.5,-2.25')).toMatchObject({
    fixture: { operation: 'a.reverse' },
    values: { lat: '48.5', lon: '-2.25' },
  });
  expect(first('5, Rue Proudhon')).toMatchObject({ fixture: { operation: 'a.forward' } });
});
