import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { ask, enter, freshAddress, issueKey, trustedProxy, type Person } from './people/people.ts';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct(trustedProxy);
}, 60_000);
afterAll(() => product.stop(), 60_000);

/** Asks until the status is as wanted, for as long as a revocation may take. */
async function until(wanted: number, call: () => Promise<{ readonly status: number }>): Promise<number> {
  const end = performance.now() + 6_000;
  for (;;) {
    const { status } = await call();
    if (status === wanted || performance.now() > end) return status;
    await setTimeout(50);
  }
}

describe('an account', () => {
  test('is made, proves itself and says who it is', async () => {
    const person = await enter(product);
    expect(person.userId).toMatch(/^usr_/);
    expect(person.tenantId).toMatch(/^ten_/);
    const me = await ask(product, '/auth/me', { as: person.accessToken });
    expect(me.status).toBe(200);
    expect(me.body).toMatchObject({
      user: { id: person.userId, email: person.email, email_verified: false, is_active: true },
      tenant_id: person.tenantId,
      role: 'owner',
      memberships: [{ tenant_id: person.tenantId, role: 'owner' }],
    });
  });

  test('takes an address once, and says so', async () => {
    const { email } = await enter(product);
    const again = await ask(product, '/auth/register', {
      json: { email: email.toUpperCase(), password: 'correct horse battery' },
      from: freshAddress(),
    });
    expect([again.status, again.body['code']]).toEqual([409, 'already_exists']);
  });

  test('is entered by an OAuth 2 form as well; what comes beside it is ignored', async () => {
    const { email, password } = await enter(product);
    const form = { grant_type: 'password', username: email, password, scope: 'everything', client_id: 'x' };
    const login = await ask(product, '/auth/login', { form, from: freshAddress() });
    expect([login.status, login.body['token_type']]).toEqual([200, 'bearer']);
  });

  test('a wrong password and an unknown address are refused alike', async () => {
    const { email } = await enter(product);
    const refusals = await Promise.all(
      [email, 'nobody-at-all@example.com'].map((name) =>
        ask(product, '/auth/login', { json: { email: name, password: 'not it at all' }, from: freshAddress() }),
      ),
    );
    const [known, unknown] = refusals.map(({ status, body: { request_id: _id, instance: _instance, ...body } }) => ({
      status,
      body,
    }));
    expect(known).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    expect(unknown).toEqual(known);
  });

  test('its password is changed only by the old one, and then every other session ends', async () => {
    const person = await enter(product);
    const second = await ask(product, '/auth/login', {
      json: { email: person.email, password: person.password },
      from: freshAddress(),
    });
    const token = String(second.body['access_token']);
    const wrong = await ask(product, '/auth/me/password', {
      as: person.accessToken,
      json: { old_password: 'no', new_password: 'quite another phrase 17' },
    });
    expect(wrong.status).toBe(401);
    const right = await ask(product, '/auth/me/password', {
      as: person.accessToken,
      json: { old_password: person.password, new_password: 'quite another phrase 17' },
    });
    expect([right.status, right.body['revoked_sessions']]).toEqual([200, 1]);
    expect(await until(401, () => ask(product, '/auth/me', { as: token }))).toBe(401);
    expect((await ask(product, '/auth/me', { as: person.accessToken })).status).toBe(200);
  });
});

describe('a session', () => {
  test('goes on by its refresh token, once each; the same one again at once gives the same answer', async () => {
    const { refreshToken } = await enter(product);
    const first = await ask(product, '/auth/refresh', { json: { refresh_token: refreshToken } });
    const again = await ask(product, '/auth/refresh', { form: { refresh_token: refreshToken } });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    const next = await ask(product, '/auth/refresh', { json: { refresh_token: first.body['refresh_token'] } });
    expect(next.status).toBe(200);
    expect(next.body['refresh_token']).not.toBe(first.body['refresh_token']);
  });

  test('a refresh token in the URL is not read', async () => {
    const { refreshToken } = await enter(product);
    const { status, body } = await ask(product, `/auth/refresh?refresh_token=${refreshToken}`, { method: 'POST' });
    expect([status, body['code']]).toEqual([400, 'credential_in_url']);
  });

  test('ends everywhere when it is left', async () => {
    const person = await enter(product);
    const left = await ask(product, '/auth/logout', { as: person.accessToken, json: {} });
    expect([left.status, left.body['revoked_sessions']]).toEqual([200, 1]);
    expect(await until(401, () => ask(product, '/auth/me', { as: person.accessToken }))).toBe(401);
    const refresh = await ask(product, '/auth/refresh', { json: { refresh_token: person.refreshToken } });
    expect([refresh.status, refresh.body['code']]).toEqual([401, 'invalid_grant']);
  });

  test('is listed, and may be ended from another one', async () => {
    const person = await enter(product);
    const second = await ask(product, '/auth/login', {
      json: { email: person.email, password: person.password },
      from: freshAddress(),
    });
    const listed = await ask(product, '/auth/sessions', { as: person.accessToken });
    const sessions = listed.body['sessions'] as { id: string; current: boolean }[];
    expect(sessions.map(({ current }) => current).sort()).toEqual([false, true]);
    const ended = await ask(product, `/auth/sessions/${String(second.body['session_id'])}`, {
      as: person.accessToken,
      method: 'DELETE',
    });
    expect(ended.status).toBe(200);
    const token = String(second.body['access_token']);
    expect(await until(401, () => ask(product, '/auth/me', { as: token }))).toBe(401);
  });
});

describe('a key', () => {
  let person: Person;
  beforeAll(async () => {
    person = await enter(product);
  });

  test('is made, shown once, works, is rotated, and ends everywhere when it is revoked', async () => {
    const { id, key } = await issueKey(product, person.accessToken, ['data:read', 'limits:read']);
    expect(key).toMatch(/^uapi_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/);
    const use = (as: string) => ask(product, '/countries/PE', { as });
    expect((await use(key)).status).toBe(200);
    const seen = await ask(product, `/auth/keys/${id}`, { as: person.accessToken });
    expect(seen.text).not.toContain(key.slice(23));

    const rotated = await ask(product, `/auth/keys/${id}/rotate`, { as: person.accessToken, json: { overlap_s: 60 } });
    expect(rotated.status).toBe(201);
    const newKey = String(rotated.body['key']);
    expect([(await use(key)).status, (await use(newKey)).status]).toEqual([200, 200]);

    const newId = String(rotated.body['id']);
    const revoked = await ask(product, `/auth/keys/${newId}/revoke`, { as: person.accessToken, json: {} });
    expect([revoked.status, revoked.body['state']]).toEqual([200, 'revoked']);
    expect(await until(401, () => use(newKey))).toBe(401);
  });

  test('made twice under one Idempotency-Key it is one key, whose text is in the first answer alone', async () => {
    const call = () =>
      ask(product, '/auth/keys', {
        as: person.accessToken,
        json: { name: 'Once', scopes: ['data:read'] },
        headers: { 'idempotency-key': 'make-it-once' },
      });
    const first = await call();
    const again = await call();
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toMatchObject({ id: first.body['id'], already_shown: true });
    expect(again.body['key']).toBeUndefined();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  test('does no more than its scopes; the answer names the one that is missing', async () => {
    const { key } = await issueKey(product, person.accessToken, ['data:read']);
    const { status, headers } = await ask(product, '/auth/keys', { as: key });
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="keys:read"');
  });

  test('of wrong shape is refused as what it is', async () => {
    const { status, headers } = await ask(product, '/countries/PE', { as: 'uapi_live_nonsense' });
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  });

  test('bound to networks it works from there alone', async () => {
    const { body } = await ask(product, '/auth/keys', {
      as: person.accessToken,
      json: { name: 'Bound', scopes: ['data:read'], ip_allow: ['198.51.100.0/24'] },
    });
    const key = String(body['key']);
    const from = (address: string) => ask(product, '/countries/PE', { as: key, from: address });
    expect((await from('198.51.100.7')).status).toBe(200);
    expect((await from('203.0.113.7')).status).toBe(401);
  });
});

describe('others', () => {
  test('find one issuer in tokens and in what this server says of itself: the address that callers use', async () => {
    const { accessToken } = await enter(product);
    const [, claims = ''] = accessToken.split('.');
    const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { readonly iss: string };
    const { body } = await ask(product, '/.well-known/oauth-authorization-server');
    expect([iss, body['issuer']]).toEqual([product.url, product.url]);
  });

  test('find the public keys of access tokens, and what this server is', async () => {
    const jwks = await ask(product, '/.well-known/jwks.json');
    expect(jwks.status).toBe(200);
    expect(jwks.headers.get('cache-control')).toContain('max-age=600');
    const keys = jwks.body['keys'] as Record<string, string>[];
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    const server = await ask(product, '/.well-known/oauth-authorization-server');
    expect(server.body).toMatchObject({
      grant_types_supported: ['refresh_token'],
      token_endpoint_auth_methods_supported: ['none'],
    });
    expect(server.body['authorization_endpoint']).toBeUndefined();
    expect((await ask(product, '/.well-known/openid-configuration')).status).toBe(404);
    const resource = await ask(product, '/.well-known/oauth-protected-resource');
    expect(resource.body).toMatchObject({ bearer_methods_supported: ['header'] });
  });
});

describe('what was done', () => {
  test('is in the audit log of its tenant, and the chain is whole', async () => {
    const person = await enter(product);
    await issueKey(product, person.accessToken, ['data:read']);
    const { body } = await ask(product, '/audit', { as: person.accessToken });
    const actions = (body['rows'] as { action: string }[]).map(({ action }) => action);
    expect(actions).toContain('auth.key.created');
    const verified = await ask(product, '/audit/verify', { as: person.accessToken });
    expect(verified.body).toMatchObject({ ok: true, checked: String(actions.length) });
  });
});

describe('limits', () => {
  test('say what holds and where it comes from; a tenant lowers its own', async () => {
    const person = await enter(product);
    const { key } = await issueKey(product, person.accessToken, ['data:read', 'limits:read']);
    const lowered = await ask(product, '/limits/overrides/lookup-min', {
      as: person.accessToken,
      method: 'PUT',
      json: { q: 7 },
    });
    expect([lowered.status, lowered.body['q'], lowered.body['source']]).toEqual([200, 7, 'tenant']);
    const limits = await ask(product, '/limits', { as: key });
    const policies = limits.body['policies'] as { policy: string; q: number; source: string }[];
    expect(policies).toEqual(expect.arrayContaining([expect.objectContaining({ policy: 'lookup-min', q: 7 })]));
    const raised = await ask(product, '/limits/overrides/lookup-min', {
      as: person.accessToken,
      method: 'PUT',
      json: { q: 100_000 },
    });
    expect(raised.status).toBe(400);
  });

  test('refuse within what they say, and the refusal is explained', async () => {
    const person = await enter(product);
    await ask(product, '/limits/overrides/lookup-min', { as: person.accessToken, method: 'PUT', json: { q: 3 } });
    const { key } = await issueKey(product, person.accessToken, ['data:read', 'limits:read']);
    const answers = [];
    for (let call = 0; call < 6; call++) answers.push(await ask(product, '/countries/PE', { as: key }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'quota_exceeded', 'violated-policies': ['lookup-min'] });
    const id = refused?.headers.get('x-request-id') ?? '';
    const explain = () => ask(product, `/limits/explain?request_id=${id}`, { as: person.accessToken });
    expect(await until(200, explain)).toBe(200);
    expect((await explain()).body).toMatchObject({ policies: [{ policy: 'lookup-min', q: 3, cost: 1 }] });
  });
});
