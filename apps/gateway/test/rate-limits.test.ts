import { afterEach, describe, expect, test } from '@jest/globals';
import { parseFieldList } from '@universal-api/limits/contract';
import { makeApiKey } from '@universal-api/principal';
import { randomBytes } from 'node:crypto';
import { goodKey, startTestGateway, type TestGateway, type TestGatewayOptions } from './start-test-gateway.ts';

let gateway: TestGateway | undefined;
const start = async (options: TestGatewayOptions = {}) => (gateway = await startTestGateway(options));
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

const thing = '/api/v1/testing/things/t1';
const hour = (q: number) => ({ q, windowS: 3_600 });
const freeKey = { ...goodKey, plan: 'free' };
const withKey = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } });

test('T16 policies key 10, tenant 5, 20 calls at once: 5 admitted, and the key has used 5', async () => {
  const { fetch, key } = await start({
    verifyKey: async () => freeKey,
    rates: { 'key-min': hour(10), 'tenant-min': hour(5) },
  });
  const responses = await Promise.all(Array.from({ length: 20 }, () => fetch(thing, withKey(key))));
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(5);
  const last = await fetch(thing, withKey(key));
  const left = parseFieldList(last.headers.get('ratelimit') ?? '').map(({ name, parameters }) => [
    name,
    parameters['r'],
  ]);
  expect(Object.fromEntries(left)).toMatchObject({ 'key-min': 5, 'tenant-min': 0 });
  expect(await last.json()).toMatchObject({ 'violated-policies': ['tenant-min'] });
});

describe('T19 the headers of 1,000 answers', () => {
  test.each([
    ['200', thing],
    ['400', '/api/v1/testing/fields?nope=1'],
    ['404', '/api/v1/testing/fail?code=not_found'],
    ['409', '/api/v1/testing/fail?code=conflict'],
    ['500', '/api/v1/testing/fail?code=internal'],
    ['503', '/api/v1/testing/fail?code=service_unavailable'],
    ['429', thing],
  ])(
    'of status %s parse, and their numbers keep their bounds',
    async (status, path) => {
      const origin = 'https://app.example';
      const isRefused = status === '429';
      const { fetch } = await start({
        rates: { 'ip-min': isRefused ? { q: 1, windowS: 60 } : hour(100_000), 'lookup-min': hour(50_000) },
        settings: { corsOrigins: [origin] },
      });
      if (isRefused) await fetch(path);
      for (let batch = 0; batch < 40; batch += 1) {
        await Promise.all(Array.from({ length: 25 }, () => fetch(path, { headers: { origin } }).then(judge)));
      }
      async function judge(response: Response): Promise<void> {
        const { headers } = response;
        expect(response.status).toBe(Number(status));
        expect(headers.get('access-control-allow-origin')).toBe(origin);
        expect(headers.get('x-request-id')).toBeTruthy();
        const policies = parseFieldList(headers.get('ratelimit-policy') ?? '');
        const limits = parseFieldList(headers.get('ratelimit') ?? '');
        expect(limits.map(({ name }) => name)).toEqual(policies.map(({ name }) => name));
        let longest = 0;
        for (const [index, { parameters }] of limits.entries()) {
          const { q = 0, w = 0 } = policies[index]?.parameters ?? {};
          const { r = -1, t = -1 } = parameters;
          expect(r >= 0 && r <= q && t >= 0 && t <= w).toBe(true);
          if (r === 0) longest = Math.max(longest, t);
        }
        const body = (await response.json()) as { 'violated-policies'?: string[] };
        if (!isRefused) return;
        expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(longest);
        const names = policies.map(({ name }) => name);
        expect((body['violated-policies'] ?? []).length).toBeGreaterThan(0);
        for (const name of body['violated-policies'] ?? []) expect(names).toContain(name);
      }
    },
    30_000,
  );
});

describe('T20 one caller has one bucket', () => {
  test('however the key is sent; what is malformed is 401 and takes nothing', async () => {
    const { fetch, key } = await start({ verifyKey: async () => freeKey, rates: { 'key-min': hour(4) } });
    const send = (headers: Record<string, string>) => fetch(thing, { headers });
    const statuses: number[] = [];
    const ways: readonly Record<string, string>[] = [
      { authorization: `Bearer ${key}` },
      { authorization: `bearer  ${key}` },
      { authorization: `n1 Bearer ${key}` },
      { authorization: `Bearer ${key} x` },
      { authorization: `Basic ${key}` },
      { 'x-api-key': key },
      { authorization: `BEARER ${key}` },
      { 'x-api-key': key },
    ];
    for (const headers of ways) statuses.push((await send(headers)).status);
    expect(statuses).toEqual([200, 200, 401, 401, 401, 200, 200, 429]);
  });

  test('from 256 addresses of one /64, or an IPv4 address written as IPv6: 0 extra', async () => {
    const { fetch } = await start({ rates: { 'ip-min': hour(3) }, trustedProxies: ['127.0.0.1'] });
    const from = async (address: string) => (await fetch(thing, { headers: { 'x-forwarded-for': address } })).status;
    const statuses: number[] = [];
    for (let host = 0; host < 256; host += 1) statuses.push(await from(`2001:db8:1:2::${host.toString(16)}`));
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    const mapped = [];
    for (const address of ['192.0.2.9', '::ffff:192.0.2.9', '192.0.2.9', '::ffff:192.0.2.9']) {
      mapped.push(await from(address));
    }
    expect(mapped).toEqual([200, 200, 200, 429]);
  });

  test('with 1 to 5 forged hops before its own address: 0 extra, also where no proxy is trusted', async () => {
    const forged = (hops: number, own: string) =>
      [...Array.from({ length: hops }, (_, hop) => `203.0.113.${hops * 10 + hop}`), own].join(', ');
    const { fetch } = await start({ rates: { 'ip-min': hour(2) }, trustedProxies: ['127.0.0.1'] });
    const statuses: number[] = [];
    for (let hops = 1; hops <= 5; hops += 1) {
      statuses.push((await fetch(thing, { headers: { 'x-forwarded-for': forged(hops, '198.51.100.7') } })).status);
    }
    expect(statuses).toEqual([200, 200, 429, 429, 429]);
    await gateway?.stop();
    const direct = await start({ rates: { 'ip-min': hour(2) } });
    const unproxied: number[] = [];
    for (let hops = 1; hops <= 5; hops += 1) {
      unproxied.push((await direct.fetch(thing, { headers: { 'x-forwarded-for': forged(hops, '::1') } })).status);
    }
    expect(unproxied).toEqual([200, 200, 429, 429, 429]);
  });
});

test('malformed keys, 1,000 of them, cost no question, no charge and no call', async () => {
  const asked: string[] = [];
  const served: string[] = [];
  const { fetch, finished } = await start({
    rates: { 'ip-min': hour(1) },
    verifyKey: async (text) => {
      asked.push(text);
      return freeKey;
    },
  });
  for (let made = 0; made < 1_000; made += 50) {
    const keys = Array.from({ length: 50 }, () => {
      const { text } = makeApiKey('live', randomBytes);
      const at = 10 + (made % 40);
      return text.slice(0, at) + (text.charAt(at) === 'x' ? 'y' : 'x') + text.slice(at + 1);
    });
    const statuses = await Promise.all(keys.map(async (text) => (await fetch(thing, withKey(text))).status));
    expect(new Set(statuses)).toEqual(new Set([401]));
  }
  served.push(...finished.filter(({ call }) => call.traceparent).map(({ operation }) => operation));
  expect([asked, served]).toEqual([[], []]);
  expect((await fetch(thing)).status).toBe(200);
}, 20_000);

test('a key with limits of its own has less than its plan gives, and another of the tenant has not', async () => {
  const [low = '', high = ''] = [1, 2].map(() => makeApiKey('live', randomBytes).text);
  const lowLimits: Record<string, number> = { 'lookup-min': 2 };
  const { fetch } = await start({
    verifyKey: async (text) => ({ ...freeKey, lineageId: text, limits: text === low ? lowLimits : {} }),
  });
  const statuses = [];
  for (let call = 0; call < 3; call += 1) statuses.push((await fetch(thing, withKey(low))).status);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await fetch(thing, withKey(high))).status).toBe(200);
});

test('a key that is bound to networks is refused from elsewhere, though it is known from within', async () => {
  let asked = 0;
  const { fetch, key } = await start({
    trustedProxies: ['127.0.0.1'],
    verifyKey: async () => ((asked += 1), { ...goodKey, ipAllow: ['192.0.2.0/24'] }),
  });
  const from = async (address: string) => {
    const headers = { authorization: `Bearer ${key}`, 'x-forwarded-for': address };
    return (await fetch(thing, { headers })).status;
  };
  expect([await from('192.0.2.1'), await from('198.51.100.1'), await from('192.0.2.2')]).toEqual([200, 401, 200]);
  expect(asked).toBe(1);
});
