import { afterEach, describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import { request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../test/start-test-gateway.ts';

let gateway: TestGateway | undefined;
const start = async (options: TestGatewayOptions = {}) => (gateway = await startTestGateway(options));
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

/** Without the decompression and the headers that `fetch` adds. */
function plainGet(port: number, path: string, headers: Record<string, string>) {
  return new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    httpRequest({ port, path, headers, host: '127.0.0.1' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}

describe('every answer, errors included', () => {
  const paths = [
    '/api/v1/testing/names',
    '/nothing',
    '/api/v1/testing/fail',
    '/site',
    '/broken',
    '/api/v1/testing/watch?count=1',
  ];
  test.each(paths)('carries id and browser headers: %s', async (path) => {
    const site = Router();
    site.get('/site', (_request, response) => void response.send('page'));
    site.get('/broken', () => {
      throw new Error('secret of the inside');
    });
    const { fetch } = await start({ site: [site], settings: { isHttps: true } });
    const response = await fetch(path);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-request-id': expect.any(String),
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    });
    expect(response.headers.has('x-powered-by')).toBe(false);
    expect(await response.text()).not.toContain('secret');
  });

  test('says nothing of HTTPS where there is none', async () => {
    const { fetch } = await start();
    expect((await fetch('/nothing')).headers.has('strict-transport-security')).toBe(false);
  });
});

describe('a handler that throws', () => {
  test('is answered with the fixed text, logged, and the next request is served', async () => {
    const site = Router();
    site.get('/broken', async () => {
      throw new TypeError('secret of the inside');
    });
    const { fetch, finished } = await start({ site: [site] });
    const response = await fetch('/broken');
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 'internal' });
    expect((await fetch('/api/v1/testing/names')).status).toBe(200);
    expect(finished[0]).toMatchObject({ code: 'internal', status: 500, route: '' });
  });
});

describe('the upstream', () => {
  test('out of reach is 503 with a time to come back', async () => {
    const { fetch } = await start({ target: '127.0.0.1:1' });
    const response = await fetch('/api/v1/testing/names');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ code: 'service_unavailable', next: { action: 'retry' } });
  });

  test('too late is 504', async () => {
    const { fetch } = await start({ settings: { deadlineMs: 200 } });
    const response = await fetch('/api/v1/testing/hold');
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: 'deadline_exceeded' });
  });
});

describe('CORS', () => {
  const origin = 'https://app.example';
  const preflight = (from: string) => ({
    method: 'OPTIONS',
    headers: { origin: from, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' },
  });

  test('lets a listed origin in, exactly', async () => {
    const { fetch } = await start({ settings: { corsOrigins: [origin] } });
    const asked = await fetch('/api/v1/testing/things', preflight(origin));
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-max-age': '600',
      'access-control-allow-headers': 'x-api-key',
    });
    expect(asked.status).toBe(204);
    const answered = await fetch('/api/v1/testing/names', { headers: { origin } });
    expect(answered.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answered.headers.get('access-control-expose-headers')).toBe(
      'RateLimit,RateLimit-Policy,Retry-After,X-Request-ID,x-uapi-provider,x-uapi-degraded',
    );
    for (const other of [`${origin}.evil.example`, 'http://app.example', 'null']) {
      expect(
        (await fetch('/api/v1/testing/names', { headers: { origin: other } })).headers.has(
          'access-control-allow-origin',
        ),
      ).toBe(false);
      expect((await fetch('/api/v1/testing/things', preflight(other))).headers.has('access-control-allow-origin')).toBe(
        false,
      );
    }
  });

  test('covers refusals: a 429 can be read by the page that caused it', async () => {
    const { fetch } = await start({ settings: { corsOrigins: [origin] }, rates: { 'ip-min': { q: 1, windowS: 60 } } });
    await fetch('/api/v1/testing/names', { headers: { origin } });
    const response = await fetch('/api/v1/testing/names', { headers: { origin } });
    expect(response.status).toBe(429);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.has('x-request-id')).toBe(true);
  });

  test('without origins there is none', async () => {
    const { fetch } = await start();
    const response = await fetch('/api/v1/testing/names', { headers: { origin } });
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
    expect((await fetch('/api/v1/testing/things', preflight(origin))).status).toBe(405);
  });
});

describe('compression', () => {
  const asking = { 'accept-encoding': 'gzip' };
  test('is for large answers to callers that ask', async () => {
    const { port } = await start();
    const long = await plainGet(port, '/api/v1/testing/things/long', asking);
    expect(long.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(long.body).toString())).toMatchObject({ thing: { id: 'long' } });
    const short = await plainGet(port, '/api/v1/testing/names', asking);
    expect(short.headers['content-encoding']).toBeUndefined();
    const unasked = await plainGet(port, '/api/v1/testing/things/long', {});
    expect(unasked.headers['content-encoding']).toBeUndefined();
    expect(unasked.body.length).toBeGreaterThan(4_000);
  });

  test('is never for streams', async () => {
    const { port } = await start();
    const stream = await plainGet(port, '/api/v1/testing/watch?count=2&padding=4000', asking);
    expect(stream.headers['content-encoding']).toBeUndefined();
    expect(stream.body.length).toBeGreaterThan(4_000);
  });
});

describe('the slots', () => {
  test('are bounded, and some are kept for critical methods', async () => {
    const arrived: (() => void)[] = [];
    const next = () => new Promise<void>((resolve) => arrived.push(resolve));
    const { fetch, app, key } = await start({
      settings: { maxInFlight: 5, shedReserved: 0.2 },
      probe: { onCall: () => arrived.shift()?.() },
    });
    // Plan `unlimited` may hold every slot; others a quarter of them.
    const headers = { authorization: `Bearer ${key}` };
    const leaving = new AbortController();
    const held = [];
    for (let call = 0; call < 4; call += 1) {
      const there = next();
      held.push(fetch('/api/v1/testing/hold', { headers, signal: leaving.signal }).catch(() => undefined));
      await there;
    }
    expect(app.inFlight()).toBe(4);
    const refused = await fetch('/api/v1/testing/names', { headers });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({
      code: 'overloaded',
      type: 'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
      next: { action: 'wait', after_s: 1 },
    });
    expect((await fetch('/api/v1/testing/context')).status).toBe(200);
    leaving.abort();
    await Promise.all(held);
    while (app.inFlight() > 0) await new Promise(setImmediate);
    expect((await fetch('/api/v1/testing/names')).status).toBe(200);
  });

  test('that anonymous callers may hold do not run out for who logs in', async () => {
    const arrived: (() => void)[] = [];
    const { fetch, app } = await start({
      settings: { maxInFlight: 8 },
      probe: { onCall: () => arrived.shift()?.() },
    });
    const leaving = new AbortController();
    const held = [];
    for (let call = 0; call < 2; call += 1) {
      const there = new Promise<void>((resolve) => arrived.push(resolve));
      held.push(fetch('/api/v1/testing/hold', { signal: leaving.signal }).catch(() => undefined));
      await there;
    }
    expect(app.inFlight()).toBe(2);
    expect((await fetch('/api/v1/testing/names')).status).toBe(503);
    const body = new URLSearchParams({ username: 'ada' });
    expect((await fetch('/api/v1/testing/form', { method: 'POST', body })).status).toBe(200);
    leaving.abort();
    await Promise.all(held);
  });

  test('are for critical methods alone while the process is strained', async () => {
    const { fetch } = await start({ isStrained: () => true });
    expect((await fetch('/api/v1/testing/names')).status).toBe(503);
    expect((await fetch('/api/v1/testing/context')).status).toBe(200);
  });
});
