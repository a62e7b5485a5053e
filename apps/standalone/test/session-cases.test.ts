import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { ask, enter, freshAddress, trustedProxy } from './people/people.ts';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

const replayS = 2;
let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct({ ...trustedProxy, AUTH_REPLAY_S: String(replayS), RL_IP_MIN: '100000/60' });
}, 60_000);
afterAll(() => product.stop(), 60_000);

const refresh = (token: unknown) => ask(product, '/auth/refresh', { json: { refresh_token: token } });

test('T04 50 parallel refreshes of one token: one successor, 50 equal answers', async () => {
  const { refreshToken } = await enter(product);
  const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refreshToken)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
}, 30_000);

test('T05 a token that comes back later ends its family, and no other session', async () => {
  const person = await enter(product);
  const login = { json: { email: person.email, password: person.password }, from: freshAddress() };
  const other = await ask(product, '/auth/login', login);
  const next = await refresh(person.refreshToken);
  expect(next.status).toBe(200);
  await setTimeout((replayS + 1) * 1_000);
  const late = await refresh(person.refreshToken);
  expect([late.status, late.body['code']]).toEqual([401, 'invalid_grant']);
  expect((await refresh(next.body['refresh_token'])).status).toBe(401);
  const alive = await refresh(other.body['refresh_token']);
  expect(alive.status).toBe(200);
  const audit = await ask(product, '/audit?action=auth.refresh_reuse', { as: String(alive.body['access_token']) });
  expect(audit.body['rows']).toHaveLength(1);
}, 30_000);

test('T06 an answer that was lost on the way is given again', async () => {
  let { refreshToken } = await enter(product);
  const init = (token: string, signal?: AbortSignal) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token: token }),
    ...(signal && { signal }),
  });
  let lost = 0;
  for (let n = 0; n < 30; n++) {
    const cut = new AbortController();
    const answer = product.get('/api/v1/auth/refresh', init(refreshToken, cut.signal));
    void setTimeout(n % 10).then(() => cut.abort());
    const isLost = await answer.then(
      (response) =>
        response
          .text()
          .then(() => false)
          .catch(() => true),
      () => true,
    );
    if (isLost) lost++;
    const again = await product.get('/api/v1/auth/refresh', init(refreshToken));
    expect(again.status).toBe(200);
    refreshToken = ((await again.json()) as { refresh_token: string }).refresh_token;
  }
  expect(lost).toBeGreaterThan(0);
}, 30_000);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('T08 tokens that are not ours, or not any more, are refused, and the answer says what they are', async () => {
  const { accessToken } = await enter(product);
  const [head = '', body = '', mac = ''] = accessToken.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signed = (changedHeader: object, changedClaims: object) => {
    const text = `${encode({ ...header, ...changedHeader })}.${encode({ ...claims, ...changedClaims })}`;
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  };
  const jwks = await ask(product, '/.well-known/jwks.json');
  const [jwk] = jwks.body['keys'] as Record<string, string>[];
  const published = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ format: 'pem', type: 'spki' });
  const withMac = (changed: object) => {
    const text = `${encode({ ...header, ...changed })}.${body}`;
    return `${text}.${createHmac('sha256', published).update(text).digest('base64url')}`;
  };
  const without = (name: string) => signed({}, { [name]: undefined });
  const now = Math.floor(Date.now() / 1_000);
  const bad = [
    `${encode({ alg: 'none' })}.${body}.`,
    `${encode({ ...header, alg: 'none' })}.${body}.${mac}`,
    withMac({ alg: 'HS256' }),
    withMac({ alg: 'HS256', kid: undefined }),
    signed({}, {}),
    signed({ kid: 'unknown' }, {}),
    signed({ kid: '../../etc/passwd' }, {}),
    signed({ jwk: publicKey.export({ format: 'jwk' }) }, {}),
    signed({ jku: 'http://127.0.0.1:9/jwks.json' }, {}),
    signed({ x5u: 'http://127.0.0.1:9/cert.pem' }, {}),
    signed({ crit: ['x'], x: 1 }, {}),
    signed({ typ: 'JWT' }, {}),
    signed({}, { exp: now - 61 }),
    signed({}, { nbf: now + 61 }),
    signed({}, { aud: 'other' }),
    signed({}, { iss: 'https://other.example' }),
    ...['iss', 'aud', 'sub', 'iat', 'exp', 'jti'].map(without),
    `${head}.${encode({ ...claims, role: 'owner', tid: '00000000-0000-0000-0000-000000000001' })}.${mac}`,
    `${head}.${body}.${mac.slice(0, -4)}AAAA`,
    `${head}.${body}`,
  ];
  expect(bad.length).toBeGreaterThanOrEqual(25);
  for (const token of bad) {
    const { status, headers } = await ask(product, '/auth/me', { as: token });
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  }
  expect((await ask(product, '/auth/me', { as: accessToken })).status).toBe(200);
}, 30_000);
