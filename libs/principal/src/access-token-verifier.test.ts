import { createHmac, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAccessTokenVerifier, type AccessTokenVerifier } from './access-token-verifier.ts';

const issuer = 'https://api.example.test';
const nowS = 1_800_000_000;
const [user, tenant, session, jti] = [1, 2, 3, 4].map((digit) => `0190b5c2-7a10-7000-8000-00000000000${digit}`);
const claims = {
  ...{ iss: issuer, aud: 'uapi', sub: user, client_id: 'uapi', iat: nowS, exp: nowS + 300, jti, tid: tenant },
  ...{ sid: session, scope: 'search:read data:read', role: 'developer', amr: ['pwd'], plan: 'free', pool: 'local' },
};

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ours = pair();
const theirs = pair();
const jwkOf = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' });

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const es256 = (key: KeyObject) => (text: string) =>
  sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
const header = { alg: 'ES256', typ: 'at+jwt', kid: 'k1' };

function token(change: {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly sign?: (text: string) => string;
}): string {
  const text = `${encode({ ...header, ...change.header })}.${encode({ ...claims, ...change.claims })}`;
  return `${text}.${(change.sign ?? es256(ours.privateKey))(text)}`;
}

let now: number;
let fetches: number;
let served: () => string;
let verifier: AccessTokenVerifier;

beforeEach(() => {
  now = nowS * 1000;
  fetches = 0;
  served = () => JSON.stringify({ keys: [jwkOf(ours.publicKey, 'k1')] });
  verifier = verifierOf({});
});

function verifierOf(parts: { maxAgeMs?: number; cacheSize?: number }): AccessTokenVerifier {
  const fetchJwks = async () => {
    fetches += 1;
    return served();
  };
  return createAccessTokenVerifier({ issuer, leewayS: 60, refetchMs: 30_000, clock: () => now, fetchJwks, ...parts });
}

const without = (name: string) => ({ claims: { [name]: undefined } });
const pem = ours.publicKey.export({ format: 'pem', type: 'spki' });
const hs256 = (text: string) => createHmac('sha256', pem).update(text).digest('base64url');
const stranger = es256(theirs.privateKey);

/** The cases of T08; `jku`, `x5u` and `jwk` point at the stranger's key, which signed. */
const bad: readonly (readonly [string, Parameters<typeof token>[0]])[] = [
  ['alg none', { header: { alg: 'none' }, sign: () => 'AA' }],
  ['HS256 with the public key as secret', { header: { alg: 'HS256' }, sign: hs256 }],
  ['typ JWT', { header: { typ: 'JWT' } }],
  ['no typ', { header: { typ: undefined } }],
  ['another audience', { claims: { aud: 'other' } }],
  ['another issuer', { claims: { iss: 'https://evil.example.test' } }],
  ['expired for 61 s', { claims: { iat: nowS - 361, exp: nowS - 61 } }],
  ['not before in 61 s', { claims: { nbf: nowS + 61 } }],
  ['made in 61 s', { claims: { iat: nowS + 61 } }],
  ...['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti', 'tid', 'sid', 'scope', 'role', 'amr', 'plan', 'pool'].map(
    (name) => [`without ${name}`, without(name)] as const,
  ),
  ...[[], 'x', { 'lookup-min': '3' }, { 'lookup-min': 0 }, { 'lookup-min': 1.5 }, null].map(
    (limits) => [`limits ${JSON.stringify(limits)}`, { claims: { limits } }] as const,
  ),
  ['jku', { header: { jku: 'https://evil.example.test/jwks.json' }, sign: stranger }],
  ['x5u', { header: { x5u: 'https://evil.example.test/cert.pem' }, sign: stranger }],
  ['jwk', { header: { jwk: theirs.publicKey.export({ format: 'jwk' }) }, sign: stranger }],
  ['unknown crit', { header: { crit: ['x'], x: 1 } }],
  ['crit that only jose knows', { header: { crit: ['b64'], b64: true } }],
  ['kid with ../', { header: { kid: '../k1' } }],
  ['no kid', { header: { kid: undefined } }],
  ['an ID token', { header: { typ: 'JWT' }, claims: { nonce: 'n', email: 'a@example.test' } }],
  ["another installation's token", { claims: { iss: 'https://other.example.test' }, sign: stranger }],
  ['signed by a stranger', { sign: stranger }],
];

describe('T08 bad tokens', () => {
  test.each(bad)('%s is invalid_token, and nothing is fetched', async (_name, change) => {
    await verifier.verify(token({}));
    await expect(verifier.verify(token(change))).rejects.toMatchObject({ code: 'invalid_token' });
    expect(fetches).toBe(1);
  });

  test('there are at least 25 of them', () => expect(bad.length).toBeGreaterThanOrEqual(25));

  test('what cannot be good asks for no keys even before there are any', async () => {
    const shapeless = ['a.b.c', '..', 'a.b', '', `${encode(header)}.${encode('x')}.AA`, 'x'.repeat(100_000)];
    const changes = bad.filter(([name]) => !/jku|x5u|jwk|^signed/.test(name)).map(([, change]) => token(change));
    for (const text of [...shapeless, ...changes]) {
      await expect(verifier.verify(text)).rejects.toMatchObject({ code: 'invalid_token' });
    }
    expect(fetches).toBe(0);
  });
});

describe('a good token', () => {
  test('gives its claims, and asks for the keys once', async () => {
    expect(await verifier.verify(token({}))).toEqual(claims);
    expect(await verifier.verify(token({ claims: { nbf: nowS } }))).toMatchObject({ nbf: nowS });
    const limits = { 'lookup-min': 3 };
    expect(await verifier.verify(token({ claims: { limits } }))).toMatchObject({ limits });
    expect(fetches).toBe(1);
  });

  test('holds through the leeway and ends after it, remembered or not', async () => {
    const text = token({});
    now = (nowS + 359) * 1000;
    expect(await verifier.verify(text)).toEqual(claims);
    now = (nowS + 360) * 1000;
    await expect(verifier.verify(text)).rejects.toMatchObject({ code: 'invalid_token' });
    await expect(verifierOf({}).verify(text)).rejects.toMatchObject({ code: 'invalid_token' });
  });

  test('pointing elsewhere by jku changes nothing: the header is not read', async () => {
    expect(await verifier.verify(token({ header: { jku: 'https://evil.example.test' } }))).toEqual(claims);
    expect(fetches).toBe(1);
  });

  test('one bit less in any part is refused', async () => {
    const text = token({});
    await verifier.verify(text);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 3), fc.integer({ min: 1, max: 61 }), async (at, by) => {
        const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const digit = digits.indexOf(text.charAt(at));
        // The last character of a part carries bits that decode to nothing.
        if (digit < 0 || '.'.includes(text.charAt(at + 1))) return;
        const changed = text.slice(0, at) + digits.charAt((digit + by) % 64) + text.slice(at + 1);
        await expect(verifier.verify(changed)).rejects.toMatchObject({ code: 'invalid_token' });
      }),
    );
  });

  test('more tokens than are remembered are verified all the same', async () => {
    const small = verifierOf({ cacheSize: 2 });
    const texts = [0, 1, 2, 3].map(() => token({}));
    for (const text of [...texts, ...texts]) expect(await small.verify(text)).toEqual(claims);
  });
});

describe('the keys', () => {
  const unknown = () => token({ header: { kid: randomBytes(8).toString('hex') } });

  test('10,000 tokens with unknown kids cost one fetch in 30 s, and good keys stay', async () => {
    const good = token({});
    await verifier.verify(good);
    now += 30_000;
    const outcomes = await Promise.allSettled(Array.from({ length: 10_000 }, () => verifier.verify(unknown())));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(fetches).toBe(2);
    expect(await verifier.verify(token({ claims: { jti: user } }))).toMatchObject({ jti: user });
    expect(fetches).toBe(2);
    now += 29_999;
    await expect(verifier.verify(unknown())).rejects.toMatchObject({ code: 'invalid_token' });
    expect(fetches).toBe(2);
    now += 1;
    await expect(verifier.verify(unknown())).rejects.toMatchObject({ code: 'invalid_token' });
    expect(fetches).toBe(3);
  });

  test('a key that was added is found by its kid', async () => {
    await verifier.verify(token({}));
    served = () => JSON.stringify({ keys: [jwkOf(ours.publicKey, 'k1'), jwkOf(theirs.publicKey, 'k2')] });
    now += 30_000;
    expect(await verifier.verify(token({ header: { kid: 'k2' }, sign: stranger }))).toEqual(claims);
  });

  test('a key that was taken away is refused once the set is older than its max-age', async () => {
    await verifier.verify(token({ claims: { exp: nowS + 900 } }));
    served = () => JSON.stringify({ keys: [jwkOf(theirs.publicKey, 'k2')] });
    now += 599_999;
    const another = { exp: nowS + 900, jti: user };
    expect(await verifier.verify(token({ claims: another }))).toMatchObject({ jti: user });
    now += 1;
    const third = verifier.verify(token({ claims: { ...another, jti: tenant } }));
    await expect(third).rejects.toMatchObject({ code: 'invalid_token' });
  });

  test('a set that cannot be had leaves the old one; without any the answer is service_unavailable', async () => {
    await verifier.verify(token({}));
    served = () => {
      throw new Error('away');
    };
    now += 600_000;
    expect(await verifier.verify(token({ claims: { exp: nowS + 900 } }))).toMatchObject({ exp: nowS + 900 });
    expect(fetches).toBe(2);
    await expect(verifierOf({}).verify(token({ claims: { exp: nowS + 900 } }))).rejects.toThrow('away');
    for (const text of ['', '[]', '{"keys":1}']) {
      served = () => text;
      const fresh = verifierOf({}).verify(token({ claims: { exp: nowS + 900 } }));
      await expect(fresh).rejects.toMatchObject({ code: 'service_unavailable' });
    }
  });

  test('of a set only P-256 signing keys are taken', async () => {
    const { n, e } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
    const good = jwkOf(ours.publicKey, 'k1');
    const others = [
      { kty: 'RSA', kid: 'k2', n, e },
      { ...good, kid: 'k3', use: 'enc' },
      { ...good, kid: 7 },
      null,
      'x',
    ];
    served = () => JSON.stringify({ keys: [...others, good] });
    expect(await verifier.verify(token({}))).toEqual(claims);
    for (const kid of ['k2', 'k3', '7']) {
      await expect(verifier.verify(token({ header: { kid } }))).rejects.toMatchObject({ code: 'invalid_token' });
    }
  });
});
