import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { httpRules, methodRules, methodsOf, productContract } from '@universal-api/protos';
import { ask, enter, issueKey, trustedProxy, type Asking, type IssuedKey, type Person } from './people/people.ts';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

/** Everything of tenant B that has an id or could show up somewhere. */
interface Foreign {
  readonly person: Person;
  readonly key: IssuedKey;
  readonly invitationId: string;
  readonly accountId: string;
}

type Reach = (of: Foreign) => readonly [path: string, asking?: Asking];

/** Works on nothing that belongs to a tenant, or on what its caller alone has shown or typed. */
const ofNobody = 'works on nothing of a tenant';
/** Asks for what the caller's own tenant has; nothing of another may be in the answer. */
const own =
  (path: string): Reach =>
  () => [path];
const withBody = (method: string, json: unknown) => ({ method, json });

/**
 * Every operation there is, and how tenant A would reach for what is tenant B's by it. One that is not here fails the test, so
 * that nobody adds an operation without a thought for this.
 */
const entries: Readonly<Record<string, typeof ofNobody | Reach>> = {
  'auth.register': ofNobody,
  'auth.login': ofNobody,
  'auth.refresh': ofNobody,
  'auth.verify_totp': ofNobody,
  'auth.forgot_password': ofNobody,
  'auth.reset_password': ofNobody,
  'auth.verify_email': ofNobody,
  'auth.resend_email': ofNobody,
  'auth.me': own('/auth/me'),
  'auth.update_me': ofNobody,
  'auth.change_password': ofNobody,
  'auth.enrol_totp': ofNobody,
  'auth.confirm_totp': ofNobody,
  'auth.disable_totp': ofNobody,
  'auth.renew_recovery_codes': ofNobody,
  'auth.logout': ofNobody,
  'auth.reauth': ofNobody,
  'auth.revoke_other_sessions': ofNobody,
  'auth.mail_outbox': own('/mail-outbox'),
  'auth.switch_tenant': ({ person }) => ['/auth/switch-tenant', { json: { tenant_id: person.tenantId } }],
  'auth.list_sessions': own('/auth/sessions'),
  'auth.revoke_session': ({ person }) => [`/auth/sessions/${person.sessionId}`, { method: 'DELETE' }],
  'auth.introspect': ({ key }) => ['/auth/introspect', { form: { token: key.key } }],
  'auth.list_keys': own('/auth/keys'),
  'auth.create_key': ofNobody,
  'auth.get_key': ({ key }) => [`/auth/keys/${key.id}`],
  'auth.update_key': ({ key }) => [`/auth/keys/${key.id}`, withBody('PATCH', { name: 'Taken' })],
  'auth.delete_key': ({ key }) => [`/auth/keys/${key.id}`, { method: 'DELETE' }],
  'auth.rotate_key': ({ key }) => [`/auth/keys/${key.id}/rotate`, { json: {} }],
  'auth.revoke_key': ({ key }) => [`/auth/keys/${key.id}/revoke`, { json: {} }],
  'tenant.get': own('/tenant'),
  'tenant.update': ofNobody,
  'tenant.list_members': own('/members'),
  'tenant.update_member': ({ person }) => [`/members/${person.userId}`, withBody('PATCH', { role: 'viewer' })],
  'tenant.remove_member': ({ person }) => [`/members/${person.userId}`, { method: 'DELETE' }],
  'tenant.list_invitations': own('/invitations'),
  'tenant.create_invitation': ofNobody,
  'tenant.delete_invitation': ({ invitationId }) => [`/invitations/${invitationId}`, { method: 'DELETE' }],
  'tenant.get_provider_key': own('/provider-keys/weatherapi'),
  'tenant.put_provider_key': ofNobody,
  'tenant.delete_provider_key': () => ['/provider-keys/weatherapi', { method: 'DELETE' }],
  'audit.list': own('/audit'),
  'audit.verify': own('/audit/verify'),
  'limits.get': own('/limits'),
  'limits.explain': () => ['/limits/explain?request_id=somebody-elses-call'],
  'limits.set_override': ofNobody,
  'limits.quotas': own('/quotas'),
  'limits.ledger': own('/ledger'),
  'limits.set_budget': ({ accountId }) => [`/budgets/${accountId}`, withBody('PUT', { limit: '1' })],
};
/** The operators' own operations, which no member of a tenant may call at all. */
const platform = /^platform\./;
/** Answers from providers and local data. */
const ofProviders = /^(weather|geocoding|countries|time|knowledge|search|health)\./;

let product: TestProduct;
let a: Person;
let b: Foreign;
beforeAll(async () => {
  product = await startTestProduct(trustedProxy);
  a = await enter(product);
  const person = await enter(product);
  const as = person.accessToken;
  const invited = await ask(product, '/invitations', { as, json: { email: 'b-invited@example.com', role: 'viewer' } });
  expect(invited.status).toBe(201);
  const stored = await ask(product, '/provider-keys/weatherapi', {
    as,
    ...withBody('PUT', { value: 'canary-of-b-7f3a' }),
  });
  expect(stored.status).toBe(200);
  const quotas = await ask(product, '/quotas', { as });
  const [account] = (quotas.body['accounts'] ?? []) as { account_id: string }[];
  b = {
    person,
    key: await issueKey(product, as, ['data:read', 'keys:read']),
    invitationId: String(invited.body['id']),
    accountId: account?.account_id ?? '01900000-0000-7000-8000-000000000000',
  };
}, 60_000);
afterAll(() => product.stop(), 60_000);

const operations = methodsOf(productContract())
  .filter((method) => httpRules(method).length > 0)
  .map((method) => methodRules(method).operation)
  .filter((operation) => !platform.test(operation) && !ofProviders.test(operation));

/** Whatever of B is nobody else's business. */
const secretsOf = ({ person, key, invitationId }: Foreign) => [
  person.email,
  person.userId,
  person.tenantId,
  person.sessionId,
  key.id,
  key.key.slice(10, 22),
  invitationId,
  'b-invited@example.com',
  'canary-of-b-7f3a',
];

test('T12 every operation says what is in it of a tenant', () => {
  expect(operations.filter((operation) => entries[operation] === undefined)).toEqual([]);
  expect(Object.keys(entries).filter((operation) => !operations.includes(operation))).toEqual([]);
});

test.each(operations.filter((operation) => entries[operation] !== ofNobody))(
  'T12 %s: nothing of tenant B for tenant A',
  async (operation) => {
    const reach = entries[operation];
    if (typeof reach !== 'function') throw new Error('no entry');
    const [path, asking] = reach(b);
    const { status, text, body } = await ask(product, path, { ...asking, as: a.accessToken });
    const isOwn = asking === undefined && !/key_|weatherapi|request_id/.test(path);
    if (operation === 'auth.introspect') expect([status, body]).toEqual([200, { active: false }]);
    else if (operation === 'auth.mail_outbox') expect(status).toBe(403);
    else expect(status).toBe(isOwn ? 200 : 404);
    // The answer may repeat the path that was asked for, and nothing else.
    const foreign = secretsOf(b).filter((secret) =>
      text.replaceAll(path, '').replaceAll(`/api/v1${path}`, '').includes(secret),
    );
    expect(foreign).toEqual([]);
  },
);

test('T12 afterwards everything of tenant B is as it was', async () => {
  const as = b.person.accessToken;
  const key = await ask(product, `/auth/keys/${b.key.id}`, { as });
  expect(key.body).toMatchObject({ name: 'A key', state: 'active' });
  const members = await ask(product, '/members', { as });
  expect(members.body['members']).toEqual([expect.objectContaining({ user_id: b.person.userId, role: 'owner' })]);
  const stored = await ask(product, '/provider-keys/weatherapi', { as });
  expect(stored.body).toMatchObject({ provider: 'weatherapi', last4: '7f3a' });
  const invitations = await ask(product, '/invitations', { as });
  expect(invitations.body['invitations']).toHaveLength(1);
  const sessions = await ask(product, '/auth/sessions', { as });
  expect(sessions.body['sessions']).toHaveLength(1);
});
