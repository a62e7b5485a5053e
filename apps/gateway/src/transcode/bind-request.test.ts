import { describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { create, fromJson, methodsOf, toJson, type JsonValue } from '@universal-api/protos';
import { testContract } from '@universal-api/testing';
import fc from 'fast-check';
import { bindRequest } from './bind-request.ts';
import { registerRoutes } from './register-routes.ts';

const routes = registerRoutes(testContract());

interface Sent {
  readonly body?: string;
  readonly form?: string;
}

/** The message of a request, as JSON. */
function bind(verb: string, url: string, { body, form }: Sent = {}): JsonValue {
  const [path = '', query = ''] = url.split('?');
  const match = routes.find(verb, `/api/v1/testing${path}`);
  if (match?.kind !== 'found') throw new Error(`no route for ${verb} ${url}`);
  const bytes = Buffer.from(body ?? form ?? '');
  const message = bindRequest(match.target, {
    segments: match.segments,
    query,
    body: bytes,
    isForm: form !== undefined,
  });
  return toJson(match.target.method.input, message, { useProtoFieldName: true });
}

function refusal(verb: string, url: string, sent: Sent = {}) {
  try {
    bind(verb, url, sent);
  } catch (error) {
    if (AppError.is(error)) return { code: error.code, errors: error.details.errors };
    throw error;
  }
  throw new Error(`${verb} ${url} was not refused`);
}

describe('a query', () => {
  test.each<[query: string, fields: JsonValue]>([
    ['text=a+b%20c', { text: 'a b c' }],
    ['text=', { text: '' }],
    ['text', { text: '' }],
    ['text=a%26b%3Dc', { text: 'a&b=c' }],
    ['number_i32=-5', { number_i32: -5 }],
    ['numberI32=5', { number_i32: 5 }],
    ['number_u32=4294967295', { number_u32: 4_294_967_295 }],
    ['number_i64=-9223372036854775808', { number_i64: '-9223372036854775808' }],
    ['number_u64=18446744073709551615', { number_u64: '18446744073709551615' }],
    ['number_double=-1.5e3', { number_double: -1_500 }],
    ['number_double=.5', { number_double: 0.5 }],
    ['number_float=0.5', { number_float: 0.5 }],
    ['is_on=true', { is_on: true }],
    ['is_on=false', { is_on: false }],
    ['blob=AQI=', { blob: 'AQI=' }],
    ['blob=_-8', { blob: '/+8=' }],
    ['colour=COLOUR_BLUE', { colour: 'COLOUR_BLUE' }],
    ['colours=COLOUR_BLUE&F.colours=COLOUR_RED', { colours: ['COLOUR_BLUE', 'COLOUR_RED'] }],
    ['words=a,b&F.words=c', { words: ['a', 'b', 'c'] }],
    ['words=a%2Cb', { words: ['a', 'b'] }],
    ['words=', {}],
    ['counts=1&F.counts=2', { counts: [1, 2] }],
    ['at=2026-01-02T03:04:05.5Z', { at: '2026-01-02T03:04:05.500Z' }],
    ['span=1.5s', { span: '1.500s' }],
    ['wrapped=', { wrapped: '' }],
    ['wrapped_i32=0', { wrapped_i32: 0 }],
    ['inner.inner.text=x&F.inner.text=y', { inner: { inner: { text: 'x' }, text: 'y' } }],
    ['choice_number=3', { choice_number: 3 }],
    ['choice_inner.text=x&F.choiceInner.numberI32=1', { choice_inner: { text: 'x', number_i32: 1 } }],
  ])('fills fields: %s', (query, fields) => {
    const named = `fields.${query.replaceAll('&F.', '&fields.')}`;
    expect(bind('GET', `/fields?${named}`)).toEqual({ fields });
  });

  test('fills fields at the top, in either spelling, and the wishes', () => {
    expect(bind('GET', '/fields?top_text=a&pageSize=7&routing.only=a,b&routing.deadlineMs=500')).toEqual({
      top_text: 'a',
      page_size: 7,
      routing: { only: ['a', 'b'], deadline_ms: 500 },
    });
  });

  test.each([
    ['number_i32=2147483648', 'fields.number_i32'],
    ['number_i32=1.0', 'fields.number_i32'],
    ['number_i32=0x10', 'fields.number_i32'],
    ['number_i32=', 'fields.number_i32'],
    ['number_i32=+1', 'fields.number_i32'],
    ['number_u32=-1', 'fields.number_u32'],
    ['number_i64=9223372036854775808', 'fields.number_i64'],
    ['number_double=NaN', 'fields.number_double'],
    ['number_double=Infinity', 'fields.number_double'],
    ['number_double=1e999', 'fields.number_double'],
    ['number_float=1e39', 'fields.number_float'],
    ['is_on=1', 'fields.is_on'],
    ['is_on=TRUE', 'fields.is_on'],
    ['blob=%25', 'fields.blob'],
    ['colour=RED', 'fields.colour'],
    ['colour=1', 'fields.colour'],
    ['at=yesterday', 'fields.at'],
    ['span=5', 'fields.span'],
    ['counts=1,2', 'fields.counts'],
    ['labels=x', 'fields.labels'],
    ['many=x', 'fields.many'],
    ['text=a&fields.text=b', 'fields.text'],
    ['text=a&fields.text=a', 'fields.text'],
    ['text=%zz', 'fields.text'],
    ['choice_text=a&fields.choice_number=1', 'fields.choice_number'],
  ])('is read strictly: %s', (query, field) => {
    const { code, errors } = refusal('GET', `/fields?fields.${query}`);
    expect(code).toBe('invalid_request');
    expect(errors).toEqual([{ field, rule: expect.any(String) }]);
  });

  test.each([
    'nope',
    'fields.nope',
    'fields.inner.nope',
    'fields.words.x',
    'fields.labels.x',
    '__proto__',
    'constructor',
    '',
  ])('with an unknown name is refused, naming it: "%s"', (name) => {
    expect(refusal('GET', `/fields?${name}=1&page_size=0`)).toEqual({
      code: 'unknown_field',
      errors: [{ field: name, rule: 'unknown field' }],
    });
  });

  test('all that is wrong is said at once, what is unknown first', () => {
    const { errors } = refusal('GET', '/fields?fields.number_i32=x&nope=1&fields.is_on=2');
    expect(errors?.map(({ field }) => field)).toEqual(['nope', 'fields.number_i32', 'fields.is_on']);
  });

  test('bounds of fields are checked before anybody is called', () => {
    expect(refusal('GET', '/fields?page_size=101')).toMatchObject({ errors: [{ field: 'page_size' }] });
    expect(refusal('GET', '/things/x')).toMatchObject({ errors: [{ field: 'id' }] });
  });

  test('any texts come back as they were', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 50 }).filter((value) => value.isWellFormed());
    fc.assert(
      fc.property(text, text, (one, other) => {
        const query = new URLSearchParams({ 'fields.text': one, 'fields.inner.text': other });
        expect(bind('GET', `/fields?${query}`)).toEqual({ fields: { text: one, inner: { text: other } } });
      }),
    );
  });

  test('whatever is sent ends in a message or in a refusal that names a field', () => {
    const name = fc.constantFrom(
      'fields.text',
      'fields.counts',
      'fields.at',
      'page_size',
      'fields',
      'x',
      '%',
      'fields..a',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string()), { maxLength: 5 }), (pairs) => {
        const url = `/fields?${pairs.map(([key, value]) => `${key}=${value.replace(/[?#]/g, '')}`).join('&')}`;
        try {
          bind('GET', url);
        } catch (error) {
          expect(AppError.is(error) && (error.details.errors?.length ?? 0) > 0).toBe(true);
        }
      }),
    );
  });
});

describe('a path', () => {
  test('fills its variables, by each of the bindings', () => {
    expect(bind('GET', '/things/t%C3%A9')).toEqual({ id: 'té' });
    expect(bind('GET', '/shelves/s1/things/t1')).toEqual({ id: 't1', shelf: 's1' });
    expect(bind('GET', '/files/a%2Fb/c')).toEqual({ path: 'a/b/c' });
    expect(bind('GET', '/shelves/s1/label')).toEqual({ path: 'shelves/s1' });
  });

  test('and query cannot both give a field', () => {
    expect(refusal('GET', '/things/t1?id=t2')).toMatchObject({ errors: [{ field: 'id' }] });
  });
});

describe('a body', () => {
  test('fills the named field, the query the others', () => {
    expect(bind('POST', '/things?dry_run=true', { body: '{"title":"x","tags":["a"],"labels":{"k":"v"}}' })).toEqual({
      thing: { title: 'x', tags: ['a'], labels: { k: 'v' } },
      dry_run: true,
    });
    expect(refusal('POST', '/things?thing.title=x', { body: '{}' })).toMatchObject({
      errors: [{ field: 'thing.title' }],
    });
  });

  test('fills the whole message, and then the query nothing', () => {
    expect(bind('POST', '/things/t1:cancel', { body: '{"reason":"old"}' })).toEqual({ id: 't1', reason: 'old' });
    expect(bind('POST', '/things/t1:cancel')).toEqual({ id: 't1' });
    expect(refusal('POST', '/things/t1:cancel?reason=old', { body: '{}' }).code).toBe('unknown_field');
  });

  test('may repeat what the path says, not contradict it', () => {
    expect(bind('POST', '/things/t1:cancel', { body: '{"id":"t1"}' })).toEqual({ id: 't1' });
    expect(refusal('POST', '/things/t1:cancel', { body: '{"id":"t2"}' })).toMatchObject({ errors: [{ field: 'id' }] });
    expect(refusal('PATCH', '/things/t1', { body: '{"id":"t2"}' })).toMatchObject({ errors: [{ field: 'thing.id' }] });
  });

  test('absent where a field is required is said', () => {
    expect(refusal('POST', '/things')).toMatchObject({ errors: [{ field: 'thing', rule: 'required' }] });
  });

  test.each<[body: string, code: string, field: string]>([
    ['[1]', 'invalid_request', 'body'],
    ['"x"', 'invalid_request', 'body'],
    ['null', 'invalid_request', 'body'],
    ['{"nope":1}', 'unknown_field', 'nope'],
    ['{"__proto__":{"x":1}}', 'unknown_field', '__proto__'],
    ['{"fields":{"__proto__":1}}', 'unknown_field', '__proto__'],
    ['{"constructor":1}', 'unknown_field', 'constructor'],
    ['{"[uapi.options.v1.method]":{}}', 'unknown_field', '[uapi.options.v1.method]'],
    ['{"fields":{"nope":1}}', 'unknown_field', 'fields.nope'],
    ['{"fields":{"inner":{"number_i32":"x"}}}', 'invalid_request', 'fields.inner.number_i32'],
    ['{"fields":{"many":[{},{"is_on":3}]}}', 'invalid_request', 'fields.many[1].is_on'],
    ['{"fields":{"words":[1]}}', 'invalid_request', 'fields.words'],
    ['{"fields":{"words":"a"}}', 'invalid_request', 'fields.words'],
    ['{"fields":{"labels":{"a":1}}}', 'invalid_request', 'fields.labels'],
    ['{"fields":{"colour":"RED"}}', 'invalid_request', 'fields.colour'],
    ['{"fields":{"at":"x"}}', 'invalid_request', 'fields.at'],
    ['{"page_size":1,"pageSize":2}', 'invalid_request', 'page_size'],
    ['{"fields":{"choice_text":"a","choice_number":1}}', 'invalid_request', 'fields.choice'],
    ['{"fields":{"text":"\\ud800"}}', 'invalid_request', 'fields.text'],
    ['{"page_size":0}', 'invalid_request', 'page_size'],
  ])('is read strictly: %s', (body, code, field) => {
    expect(refusal('POST', '/fields', { body })).toEqual({ code, errors: [{ field, rule: expect.any(String) }] });
  });

  test('that is empty is an empty message, and one that is no JSON is malformed', () => {
    expect(bind('POST', '/fields', { body: '' })).toEqual({});
    expect(refusal('POST', '/fields', { body: '{' }).code).toBe('malformed_body');
  });

  test('that is no UTF-8 is malformed', () => {
    const match = routes.find('POST', '/api/testing/fields');
    if (match?.kind !== 'found') throw new Error('no route');
    const parts = { segments: [], query: '', body: Buffer.from([0x22, 0xff, 0x22]), isForm: false };
    expect(() => bindRequest(match.target, parts)).toThrow(expect.objectContaining({ code: 'malformed_body' }));
  });

  test('has at most 32 levels and 10,000 keys', () => {
    const nested = (levels: number) => '{"fields":'.padEnd(0) + '{"inner":'.repeat(levels) + '{}' + '}'.repeat(levels);
    expect(() => bind('POST', '/fields', { body: `${nested(29)}}` })).not.toThrow();
    expect(refusal('POST', '/fields', { body: `${nested(31)}}` }).code).toBe('malformed_body');
    expect(refusal('POST', '/fields', { body: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }).code).toBe(
      'malformed_body',
    );
    const keys = (count: number) =>
      JSON.stringify({
        fields: { labels: Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, ''])) },
      });
    expect(() => bind('POST', '/fields', { body: keys(9_998) })).not.toThrow();
    expect(refusal('POST', '/fields', { body: keys(9_999) }).code).toBe('malformed_body');
  });

  test('whatever JSON is sent ends in a message that protobuf reads again, or in a refusal', () => {
    const method = methodsOf(testContract()).find(({ name }) => name === 'EchoFields');
    if (!method) throw new Error('no method');
    const key = fc.constantFrom(
      'fields',
      'text',
      'words',
      'number_i32',
      'inner',
      'many',
      'labels',
      'at',
      'page_size',
      'x',
    );
    const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<JsonValue>(null, true, 1, 'a', '1'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(key, tie('json'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        try {
          const bound = bind('POST', '/fields', { body: JSON.stringify(value) });
          expect(toJson(method.input, fromJson(method.input, bound), { useProtoFieldName: true })).toEqual(bound);
        } catch (error) {
          if (!AppError.is(error)) throw error;
          expect(['invalid_request', 'unknown_field']).toContain(error.code);
          expect(error.details.errors?.length).toBeGreaterThan(0);
        }
      }),
    );
    expect(create(method.input)).toBeDefined();
  });
});

describe('a PATCH', () => {
  test('derives its mask from the keys of the body; null clears', () => {
    const body = '{"title":null,"position":{"leftCm":3},"tags":[],"labels":{"a":"b"}}';
    expect(bind('PATCH', '/things/t1', { body })).toEqual({
      thing: { id: 't1', position: { left_cm: 3 }, labels: { a: 'b' } },
      update_mask: 'title,position.leftCm,tags,labels',
    });
  });

  test('of a whole message leaves out what the path gives', () => {
    expect(bind('PATCH', '/settings/mine', { body: '{"name":"mine","colour":"red","size":null}' })).toEqual({
      name: 'mine',
      colour: 'red',
      update_mask: 'colour,size',
    });
    expect(bind('PATCH', '/settings/mine', { body: '{}' })).toEqual({ name: 'mine', update_mask: '' });
  });

  test('respects a mask that the caller gave', () => {
    expect(bind('PATCH', '/settings/mine', { body: '{"colour":"red","update_mask":"size"}' })).toMatchObject({
      update_mask: 'size',
    });
    expect(bind('PATCH', '/things/t1?update_mask=tags', { body: '{"title":"x"}' })).toMatchObject({
      update_mask: 'tags',
    });
  });
});

describe('a form', () => {
  test('fills the message as a query does', () => {
    expect(bind('POST', '/form', { form: 'username=a%40b+c&amount=3&topics=x&topics=y,z' })).toEqual({
      username: 'a@b c',
      amount: 3,
      topics: ['x', 'y', 'z'],
    });
    expect(refusal('POST', '/form', { form: 'username=a&nope=1' }).code).toBe('unknown_field');
    expect(refusal('POST', '/form', { form: 'amount=1' })).toMatchObject({
      errors: [{ field: 'username', rule: 'required' }],
    });
  });
});
