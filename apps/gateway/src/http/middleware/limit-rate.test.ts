import { afterEach, describe, expect, test } from '@jest/globals';
import { makeApiKey } from '@universal-api/principal';
import { randomBytes } from 'node:crypto';
import {
  goodKey,
  startTestGateway,
  unknownKey,
  type TestGateway,
  type TestGatewayOptions,
} from '../../../test/start-test-gateway.ts';

let gateway: TestGateway | undefined;
const start = async (options: TestGatewayOptions = {}) => (gateway = await startTestGateway(options));
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

const hour = (q: number) => ({ q, windowS: 3_600 });
const thing = '/api/v1/testing/things/t1';

describe('the rate', () => {
  test('of nobody counts by address, over all policies at once', async () => {
    const { fetch } = await start({ rates: { 'ip-min': hour(3), 'lookup-min': hour(2) } });
    const first = await fetch(thing);
    expect(first.headers.get('ratelimit-policy')).toBe(
      '"lookup-min";q=2;w=3600, "ip-min";q=3;w=3600, "lookup-hour";q=1000;w=3600',
    );
    expect(first.headers.get('ratelimit')).toMatch(
      /^"lookup-min";r=1;t=\d+, "ip-min";r=2;t=\d+, "lookup-hour";r=999;t=\d+$/,
    );
    await fetch(thing);
    const refused = await fetch(thing);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toMatch(/^"lookup-min";r=0;t=\d+, "ip-min";r=1;/);
    const waitS = Number(refused.headers.get('retry-after'));
    expect(waitS).toBeGreaterThan(1_700);
    expect(await refused.json()).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      code: 'quota_exceeded',
      'violated-policies': ['lookup-min'],
      retry_after: waitS,
      next: { action: 'wait', after_s: waitS },
    });
    // The refusal cost nothing: the address has still one call left for another class.
    expect((await fetch('/api/v1/testing/names')).status).toBe(200);
    expect((await fetch('/api/v1/testing/names')).status).toBe(429);
  });

  test('of a key counts by its lineage and tenant, whatever the header', async () => {
    const { fetch } = await start({
      verifyKey: async () => ({ ...goodKey, plan: 'free' }),
      rates: { 'ip-min': hour(1), 'key-min': hour(2) },
    });
    const { key } = gateway ?? { key: '' };
    const first = await fetch(thing, { headers: { 'x-api-key': key } });
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"key-min";q=2;.*"tenant-min";q=1000;/);
    expect((await fetch(thing, { headers: { authorization: `bearer  ${key}` } })).status).toBe(200);
    expect((await fetch(thing, { headers: { authorization: `Bearer ${key}` } })).status).toBe(429);
  });

  test('of a known caller says where its refusal is explained; of nobody, or of an unknown key, there is none to ask', async () => {
    const { fetch, key } = await start({
      verifyKey: async (text) => (text === gateway?.key ? { ...goodKey, plan: 'free' } : unknownKey),
      rates: { 'ip-min': hour(1), 'key-min': hour(1) },
    });
    const known = { authorization: `Bearer ${key}`, 'x-request-id': 'request-of-a-key' };
    await fetch(thing, { headers: known });
    const told = await fetch(thing, { headers: known });
    expect(await told.json()).toMatchObject({
      code: 'quota_exceeded',
      explain: '/api/v1/limits/explain?request_id=request-of-a-key',
    });
    await fetch(thing);
    for (const headers of [{}, { authorization: `Bearer ${makeApiKey('live', randomBytes).text}` }]) {
      const refused = await fetch(thing, { headers });
      expect(refused.status).toBe(429);
      expect(await refused.json()).not.toHaveProperty('explain');
    }
  });

  test('of plan unlimited has no policy and no header', async () => {
    const { fetch, key } = await start({ rates: { 'key-min': hour(1) } });
    const headers = { 'x-api-key': key };
    for (let call = 0; call < 3; call += 1) {
      const response = await fetch(thing, { headers });
      expect(response.status).toBe(200);
      expect(response.headers.has('ratelimit')).toBe(false);
    }
  });

  test('is by address behind a trusted proxy, and nobody can forge it', async () => {
    const { fetch } = await start({ rates: { 'ip-min': hour(1) }, trustedProxies: ['127.0.0.1'] });
    const from = (forwarded: string) => fetch(thing, { headers: { 'x-forwarded-for': forwarded } });
    expect((await from('203.0.113.1')).status).toBe(200);
    expect((await from('203.0.113.2')).status).toBe(200);
    expect((await from('198.51.100.9, 203.0.113.2')).status).toBe(429);
    expect((await from('2001:db8::1')).status).toBe(200);
    expect((await from('2001:db8::ffff')).status).toBe(429);
  });

  test('stands on answers of 2xx, 4xx and 5xx, not on 401', async () => {
    const { fetch } = await start();
    for (const path of ['fail?code=not_found', 'fail?code=internal', 'fields?nope=1']) {
      expect((await fetch(`/api/v1/testing/${path}`)).headers.has('ratelimit-policy')).toBe(true);
    }
    expect((await fetch('/api/v1/testing/fail?code=invalid_token')).headers.has('ratelimit-policy')).toBe(false);
  });

  test('of a bulk call is one per item, and more than any bucket holds is a bad request', async () => {
    const { fetch } = await start({ rates: { 'lookup-min': hour(4) } });
    const send = (count: number) =>
      fetch('/api/v1/testing/items', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ items: Array.from({ length: count }, String) }),
      });
    expect((await send(3)).status).toBe(200);
    expect((await send(2)).status).toBe(429);
    const tooMany = await send(5);
    expect(tooMany.status).toBe(400);
    expect(await tooMany.json()).toMatchObject({ code: 'invalid_request', errors: [{ field: 'items' }] });
    expect((await send(0)).status).toBe(200);
    expect((await send(1)).status).toBe(429);
  });
});
