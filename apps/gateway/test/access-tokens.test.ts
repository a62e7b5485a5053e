import { afterEach, describe, expect, test } from '@jest/globals';
import { createTokenSigner, testClaims } from '@universal-api/service/play-auth';
import { createHmac } from 'node:crypto';
import { issuer, startTokenGateway, type TokenGateway } from './gateway-with-tokens.ts';
import type { TestGatewayOptions } from './start-test-gateway.ts';

let gateway: TokenGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});
const start = async (...options: Parameters<typeof startTokenGateway>) =>
  (gateway = await startTokenGateway(...options));
const hour = (q: number) => ({ q, windowS: 3_600 });
const nowS = () => Math.floor(Date.now() / 1_000);

describe('an access token', () => {
  test('reaches the service as its user, asks for the keys once, and its address is not charged', async () => {
    const { ask, token, fetches } = await start({ rates: { 'ip-min': hour(1) } });
    const text = token();
    for (let call = 0; call < 5; call += 1) {
      const response = await ask(call % 2 === 0 ? text : token({ jti: `00000000-0000-7000-8000-00000000001${call}` }));
      const { principal } = (await response.json()) as { principal: string };
      const claims = testClaims(issuer, nowS());
      expect(JSON.parse(principal)).toMatchObject({
        ...{
          tid: claims.tid,
          sub: claims.sub,
          sid: claims.sid,
          typ: 'user',
          plan: 'free',
          mode: 'live',
          pool: 'local',
        },
        scp: ['data:read', 'search:write'],
      });
    }
    expect(fetches()).toBe(1);
  });

  test('is counted by user and tenant', async () => {
    const { ask, token } = await start({ rates: { 'user-min': hour(2) } });
    const first = await ask(token());
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"user-min";q=2;w=3600, .*"tenant-min";q=1000/);
    expect((await ask(token({ jti: '00000000-0000-7000-8000-000000000012' }))).status).toBe(200);
    expect((await ask(token())).status).toBe(429);
    expect((await ask(token({ sub: '00000000-0000-7000-8000-000000000099' }))).status).toBe(200);
  });

  test('without the scope of the method is refused, and the scope is named', async () => {
    const { fetch, token } = await start();
    const headers = { authorization: `Bearer ${token({ scope: 'data:read' })}` };
    const response = await fetch('/api/v1/testing/things/t1', { method: 'DELETE', headers });
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="search:write"');
  });

  test.each([
    ['session', 'sid'],
    ['user', 'sub'],
    ['tenant', 'tid'],
  ] as const)('is refused once its %s is heard to have ended, however well it is known', async (kind, claim) => {
    const { ask, token, revocations } = await start();
    const text = token();
    expect((await ask(text)).status).toBe(200);
    revocations.add(kind, testClaims(issuer, 0)[claim], Date.now() + 1_000);
    const refused = await ask(text);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  });

  test('gets 503 while nobody could tell us that it was revoked, and its address does not pay', async () => {
    const { ask, token, heard } = await start({ rates: { 'ip-min': hour(1) } });
    heard.isFresh = false;
    for (let call = 0; call < 3; call += 1) {
      const response = await ask(token({ jti: `00000000-0000-7000-8000-00000000002${call}` }));
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    }
    heard.isFresh = true;
    expect((await ask(token())).status).toBe(200);
  });
});

test('T07 signing keys are rotated 20 times under calls: no good token is refused, a retired key is', async () => {
  const { ask, published } = await start({ rates: { 'ip-min': hour(100_000) } }, { leewayS: 60, refetchMs: 0 });
  const sign = (signer = published[0], at = 0) =>
    signer?.sign({ ...testClaims(issuer, nowS()), plan: 'unlimited', jti: jtiOf(at) }) ?? '';
  let calls = 0;
  for (let turn = 0; turn < 20; turn += 1) {
    const retired = published[0];
    published.push(createTokenSigner(`turn-${turn}`));
    const pair = published.slice(0, 2).flatMap((signer) => [1, 2].map(() => sign(signer, (calls += 1))));
    const statuses = await Promise.all(pair.map(async (text) => (await ask(text)).status));
    expect(statuses).toEqual([200, 200, 200, 200]);
    published.shift();
    // A set is kept until a key in it is not found: the next one brings the set that has lost this one.
    published.push(createTokenSigner(`next-${turn}`));
    expect((await ask(sign(published.at(-1), (calls += 1)))).status).toBe(200);
    published.pop();
    expect((await ask(sign(retired, (calls += 1)))).status).toBe(401);
  }
}, 30_000);

test('T07 10,000 tokens of keys that nobody has cost one fetch in 30 s, and good ones are served meanwhile', async () => {
  const { ask, token, fetches } = await start({ rates: { 'ip-min': hour(100_000) } });
  const good = token({ plan: 'unlimited' });
  expect((await ask(good)).status).toBe(200);
  const before = fetches();
  const forger = createTokenSigner('forger');
  for (let made = 0; made < 10_000; made += 50) {
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const kid = `unknown-${made + index}`;
        return (await ask(forger.sign({ ...testClaims(issuer, nowS()), jti: jtiOf(made + index) }, { kid }))).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect((await ask(good)).status).toBe(200);
  }
  expect(fetches() - before).toBeLessThanOrEqual(1);
}, 60_000);

test('T08 25 bad tokens: each 401 with the challenge, and nothing is fetched for them', async () => {
  const { ask, token, published, fetches } = await start({
    rates: { 'ip-min': hour(1_000) },
  } satisfies TestGatewayOptions);
  expect((await ask(token())).status).toBe(200);
  const before = fetches();
  const other = createTokenSigner('first');
  const good = testClaims(issuer, nowS());
  const without = (name: string) => token({ [name]: undefined });
  const unsigned = token({}, { alg: 'none' }).replace(/[^.]+$/, 'AA');
  const head = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid: 'first' })).toString('base64url');
  const body = Buffer.from(JSON.stringify(good)).toString('base64url');
  const mac = createHmac('sha256', JSON.stringify(published[0]?.jwk)).update(`${head}.${body}`).digest('base64url');
  const bad = [
    unsigned,
    `${head}.${body}.${mac}`,
    token({}, { typ: 'JWT' }),
    token({ aud: 'other' }),
    token({ iss: 'https://other.example' }),
    token({ iat: nowS() - 400, exp: nowS() - 61 }),
    token({ nbf: nowS() + 62 }),
    ...['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti', 'tid', 'sid', 'scope'].map(without),
    other.sign(good, { jku: 'http://127.0.0.1:1/jwks' }),
    other.sign(good, { x5u: 'http://127.0.0.1:1/x5u' }),
    other.sign(good, { jwk: other.jwk }),
    token({}, { crit: ['exp'] }),
    token({}, { kid: '../../first' }),
    token({ aud: undefined, nonce: 'n' }, { typ: 'JWT' }),
    createTokenSigner('elsewhere').sign(good, { kid: 'first' }),
    `${token().slice(0, -4)}AAAA`,
  ];
  expect(bad).toHaveLength(25);
  for (const [index, text] of bad.entries()) {
    const response = await ask(text);
    const challenge = response.headers.get('www-authenticate');
    expect([index, response.status, challenge]).toEqual([index, 401, 'Bearer error="invalid_token"']);
  }
  expect(fetches() - before).toBe(0);
});

function jtiOf(number: number): string {
  return `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
