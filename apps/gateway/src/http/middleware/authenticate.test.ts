import { afterEach, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { makeApiKey } from '@universal-api/principal';
import { randomBytes } from 'node:crypto';
import type { VerifiedKey } from '@universal-api/service';
import { request as httpRequest } from 'node:http';
import {
  goodKey,
  startTestGateway,
  unknownKey,
  type TestGateway,
  type TestGatewayOptions,
} from '../../../test/start-test-gateway.ts';

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

const key = makeApiKey('live', randomBytes).text;
const path = '/api/v1/testing/context';

/** A gateway that counts what it asks of `auth`. */
async function start(answer: VerifiedKey | Error = goodKey, options: TestGatewayOptions = {}) {
  const asked: string[] = [];
  gateway = await startTestGateway({
    ...options,
    verifyKey: async (text) => {
      asked.push(text);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { ...gateway, asked };
}

const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } });
const problemOf = async (response: Response) => ({
  status: response.status,
  challenge: response.headers.get('www-authenticate'),
  code: ((await response.json()) as { code: string }).code,
});

describe('a good key', () => {
  test.each([
    ['Bearer', { authorization: `Bearer ${key}` }],
    ['bearer, two spaces', { authorization: `bearer  ${key}` }],
    ['X-API-Key', { 'x-api-key': key }],
  ])('is accepted as %s and reaches the service as its holder', async (_name, headers) => {
    const { fetch } = await start();
    const response = await fetch(path, { headers });
    const { principal } = (await response.json()) as { principal: string };
    expect(JSON.parse(principal)).toMatchObject({
      tid: goodKey.tenantId,
      sub: goodKey.lineageId,
      key: goodKey.lineageId,
      typ: 'key',
      scp: goodKey.scopes,
      pool: 'own',
    });
  });

  test('is asked about once in the life of its entry, and its address is not charged', async () => {
    const { fetch, asked } = await start(goodKey, { rates: { 'ip-min': { q: 1, windowS: 3_600 } } });
    for (let call = 0; call < 5; call += 1) expect((await fetch(path, bearer(key))).status).toBe(200);
    expect(asked).toHaveLength(1);
    expect((await fetch(path, bearer(makeApiKey('live', randomBytes).text))).status).toBe(200);
  });

  test('without the scope of the method is refused, and the scope is named', async () => {
    const { fetch } = await start({ ...goodKey, scopes: ['data:read'] });
    const response = await fetch('/api/v1/testing/things/t1', { method: 'DELETE', ...bearer(key) });
    expect(await problemOf(response)).toEqual({
      status: 403,
      code: 'permission_denied',
      challenge: 'Bearer error="insufficient_scope", scope="search:write"',
    });
    expect(response.headers.has('ratelimit')).toBe(false);
  });
});

describe('a bad credential', () => {
  test.each([
    ['a key with a wrong letter', { authorization: `Bearer ${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}` }],
    ['another scheme', { authorization: `Basic ${key}` }],
    ['an extra word', { authorization: `Bearer ${key} x` }],
    ['a random text', { 'x-api-key': 'hello' }],
  ])('of wrong shape is refused without a question or a charge: %s', async (_name, headers) => {
    const { fetch, asked } = await start(goodKey, { rates: { 'ip-min': { q: 1, windowS: 3_600 } } });
    for (let call = 0; call < 3; call += 1) {
      expect(await problemOf(await fetch(path, { headers }))).toEqual({
        status: 401,
        code: 'invalid_token',
        challenge: 'Bearer error="invalid_token"',
      });
    }
    expect(asked).toEqual([]);
  });

  test('that nobody knows costs one question, and its address pays', async () => {
    const { fetch, asked } = await start(unknownKey, { rates: { 'ip-min': { q: 3, windowS: 3_600 } } });
    const other = makeApiKey('live', randomBytes).text;
    expect((await fetch(path, bearer(key))).status).toBe(401);
    expect((await fetch(path, bearer(key))).status).toBe(401);
    expect(asked).toEqual([key]);
    expect((await fetch(path, bearer(other))).status).toBe(401);
    const refused = await fetch(path, bearer(makeApiKey('live', randomBytes).text));
    expect(refused.status).toBe(429);
    expect(asked).toEqual([key, other]);
  });

  test('given twice is refused, in one header or two', async () => {
    const { fetch, port } = await start();
    const both = await fetch(path, { headers: { authorization: `Bearer ${key}`, 'x-api-key': key } });
    expect(await problemOf(both)).toMatchObject({ status: 400, code: 'multiple_credentials' });
    const status = await new Promise((resolve, reject) => {
      httpRequest(
        {
          port,
          path,
          host: '127.0.0.1',
          headers: ['Host', 'x', 'Authorization', `Bearer ${key}`, 'authorization', `Bearer ${key}`],
        },
        (response) => resolve(response.resume().statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });

  test('in the URL is never read', async () => {
    const { fetch, asked } = await start();
    for (const query of [`api_key=${key}`, `access_token=x`, `q=${key}`]) {
      expect(await problemOf(await fetch(`${path}?${query}`))).toMatchObject({ code: 'credential_in_url' });
    }
    expect(asked).toEqual([]);
  });
});

describe('no credential', () => {
  test('is nobody in particular where the method allows it', async () => {
    const { fetch } = await start();
    const { principal } = (await (await fetch(path)).json()) as { principal: string };
    expect(JSON.parse(principal)).toMatchObject({ typ: 'anonymous', sub: 'anonymous', plan: 'free', pool: 'local' });
  });

  test('is refused where it does not, or where anonymous access is off', async () => {
    const { fetch } = await start();
    const unauthenticated = { status: 401, code: 'unauthenticated', challenge: 'Bearer' };
    expect(await problemOf(await fetch('/api/v1/testing/things/t1', { method: 'DELETE' }))).toEqual(unauthenticated);
    await gateway?.stop();
    const closed = await start(goodKey, { settings: { anonymousAccess: false } });
    expect(await problemOf(await closed.fetch(path))).toEqual(unauthenticated);
  });

  test('is needed on no public method, and none is read there', async () => {
    const { fetch, asked } = await start(unknownKey, { settings: { anonymousAccess: false } });
    const headers = { 'content-type': 'application/json', authorization: 'nonsense' };
    const response = await fetch('/api/v1/testing/form', { method: 'POST', headers, body: '{"username":"a"}' });
    expect(response.status).toBe(200);
    expect(asked).toEqual([]);
  });
});

describe('when auth cannot say', () => {
  test.each([new AppError('service_unavailable'), new AppError('deadline_exceeded'), new Error('x')])(
    'a key is neither refused nor a fault of ours, and its address does not pay: %p',
    async (error) => {
      const { fetch } = await start(error, { rates: { 'ip-min': { q: 1, windowS: 3_600 } } });
      for (let call = 0; call < 3; call += 1) {
        const response = await fetch(path, bearer(key));
        expect(response.headers.get('retry-after')).toBe('1');
        expect(await problemOf(response)).toMatchObject({ status: 503, code: 'service_unavailable' });
      }
    },
  );
});
