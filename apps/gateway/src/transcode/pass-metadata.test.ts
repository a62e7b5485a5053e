import { describe, expect, test } from '@jest/globals';
import { requestNames } from '@universal-api/grpc';
import { methodsOf, httpRules } from '@universal-api/protos';
import { testContract } from '@universal-api/testing';
import fc from 'fast-check';
import { compileRoute } from './compile-route.ts';
import { toRequestMetadata, toResponseHead, traceparentOf } from './pass-metadata.ts';

const routeOf = (name: string) => {
  const method = methodsOf(testContract()).find((candidate) => candidate.name === name);
  const [rule] = method ? httpRules(method) : [];
  if (!method || !rule) throw new Error(`no method ${name}`);
  return compileRoute(method, rule);
};
const identity = {
  requestId: 'r',
  callId: '01a20dd0-b36b-7178-8c74-28832108dad8',
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  principal: 'p',
};
const plain = routeOf('GetThing');

describe('request metadata', () => {
  test('is the closed list; nothing else of the caller crosses', () => {
    const headers = {
      'x-uapi-principal': 'forged',
      'x-uapi-call-id': 'forged',
      'x-uapi-depth': '0',
      'x-user-id': 'forged',
      'x-forwarded-for': '1.2.3.4',
      authorization: 'Bearer secret',
      cookie: 'a=b',
      'idempotency-key': 'k',
      'last-event-id': '1',
      'user-agent': 'curl/8\r\nx: y\u00e9',
      traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`,
    };
    expect(toRequestMetadata(plain, headers, identity)).toEqual({
      'x-uapi-principal': 'p',
      'x-uapi-call-id': identity.callId,
      'x-request-id': 'r',
      'x-uapi-depth': '1',
      'x-uapi-user-agent': 'curl/8 x: y',
      traceparent: identity.traceparent,
    });
  });

  test('has the trace of the caller, and a new one when the given one is none', () => {
    expect(traceparentOf({ traceparent: identity.traceparent }, identity.callId)).toBe(identity.traceparent);
    for (const traceparent of [undefined, 'x', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`]) {
      expect(traceparentOf({ traceparent }, identity.callId)).toMatch(
        /^00-01a20dd0b36b71788c7428832108dad8-[0-9a-f]{16}-00$/,
      );
    }
  });

  test.each([
    ['CreateThing', 'idempotency-key', requestNames.idempotencyKey],
    ['WatchThings', 'last-event-id', requestNames.lastEventId],
  ])('of %s carries %s, 1 to 255 visible ASCII characters', (name, header, to) => {
    const route = routeOf(name);
    const carried = (value: string) => toRequestMetadata(route, { [header]: value }, identity)[to];
    for (const value of ['x', '!~', 'y'.repeat(255)]) expect(carried(value)).toBe(value);
    for (const value of ['', ' ', 'a b', 'é', 'y'.repeat(256), 'a\tb']) {
      expect(() => carried(value)).toThrow(expect.objectContaining({ code: 'invalid_header' }));
    }
    expect(toRequestMetadata(route, {}, identity)).not.toHaveProperty(to);
  });

  test('has cookies only for methods that take them', () => {
    expect(toRequestMetadata(routeOf('SubmitForm'), { cookie: 'a=b; c=é' }, identity).cookie).toBe('a=b; c=');
    expect(toRequestMetadata(plain, { cookie: 'a=b' }, identity)).not.toHaveProperty('cookie');
  });

  test('is printable ASCII, whatever the caller sends', () => {
    const form = routeOf('SubmitForm');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const metadata = toRequestMetadata(form, { 'user-agent': text, cookie: text, traceparent: text }, identity);
        for (const value of Object.values(metadata)) expect(value).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

describe('response metadata', () => {
  test('is honoured by a closed list', () => {
    const head = toResponseHead(plain, {
      'x-http-status': '202',
      location: '/x',
      'cache-control': 'no-cache',
      'idempotent-replayed': 'true',
      'set-cookie': 'a=b',
      'x-powered-by': 'secret',
      'content-length': '1',
    });
    expect(head).toEqual({
      status: 202,
      headers: [
        ['location', '/x'],
        ['cache-control', 'no-cache'],
        ['idempotent-replayed', 'true'],
      ],
    });
    expect(toResponseHead(routeOf('SubmitForm'), { 'set-cookie': 'a=b' }).headers).toEqual([['set-cookie', 'a=b']]);
  });

  test('gives no other status, and no header with a line break', () => {
    for (const status of ['200', '201', '202', '204']) {
      expect(toResponseHead(plain, { 'x-http-status': status }).status).toBe(Number(status));
    }
    for (const status of ['500', '302', '0', 'x', '']) {
      expect(toResponseHead(plain, { 'x-http-status': status }).status).toBeUndefined();
    }
    expect(toResponseHead(plain, { location: '/x\r\nset-cookie: a' }).headers).toEqual([]);
  });
});
