import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hasScope, roleScopes, type Role } from '@universal-api/principal';
import { Access, httpRules, methodRules, methodsOf, productContract } from '@universal-api/protos';
import { ask, enter, freshAddress, trustedProxy } from './people/people.ts';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

const roles = Object.keys(roleScopes) as Role[];
const password = 'a phrase for each of the roles 29';
let product: TestProduct;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  product = await startTestProduct({ ...trustedProxy, RL_USER_MIN: '100000/60', RL_MANAGE_MIN: '100000/60' });
  const owner = await enter(product);
  for (const role of roles) {
    const email = `${role}-of-the-matrix@example.com`;
    const invited = await ask(product, '/invitations', { as: owner.accessToken, json: { email, role } });
    expect(invited.status).toBe(201);
    const token = /token=([^&]+)/.exec(String(invited.body['link']))?.[1];
    const from = freshAddress();
    const made = await ask(product, '/auth/register', { json: { email, password, invite_token: token }, from });
    expect([made.status, made.body['tenant_id']]).toEqual([201, owner.tenantId]);
    const login = await ask(product, '/auth/login', { json: { email, password }, from });
    tokens.set(role, String(login.body['access_token']));
  }
}, 120_000);
afterAll(() => product.stop(), 60_000);

const operations = methodsOf(productContract()).flatMap((method) =>
  methodRules(method).access === Access.PUBLIC
    ? []
    : httpRules(method)
        .slice(0, 1)
        .map((rule) => ({ operation: methodRules(method).operation, scope: methodRules(method).scope, rule })),
);

test.each(roles)('T14 as %s only the operations of that role pass, whatever they are', async (role) => {
  const wrong: string[] = [];
  for (const { operation, scope, rule } of operations) {
    // Nothing is done: a member that no operation has is refused after the scope was looked at.
    const path = `${rule.template.replace(/\{\w+[^}]*\}/g, 'x')}${rule.body === '' ? '?no_such_field=1' : ''}`;
    const json = rule.body === '' ? {} : { json: { no_such_field: 1 } };
    const { status, body } = await ask(product, path, { as: tokens.get(role) ?? '', method: rule.verb, ...json });
    const expected = hasScope(roleScopes[role], scope) ? '400 unknown_field' : '403 permission_denied';
    if (`${status} ${String(body['code'])}` !== expected)
      wrong.push(`${operation}: ${status} ${String(body['code'])}, not ${expected}`);
  }
  expect(wrong).toEqual([]);
});

test('T14 a member that no operation has changes nothing, whatever its name', async () => {
  const as = tokens.get('owner') ?? '';
  const before = await ask(product, '/tenant', { as });
  for (const name of ['tenant_id', 'role', 'plan', 'credential_pool', 'status', 'cost', '__proto__', 'constructor']) {
    const body = `{"name": "Taken", ${JSON.stringify(name)}: "x"}`;
    const init = {
      method: 'PATCH',
      headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
      body,
    };
    expect((await product.get('/api/v1/tenant', init)).status).toBe(400);
  }
  expect((await ask(product, '/tenant', { as })).body).toEqual(before.body);
});
