import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import {
  createGrpcChannel,
  createGrpcServer,
  type CallContext,
  type GrpcChannel,
  type GrpcServer,
} from '@universal-api/grpc';
import { defaultTenantId, newId, toPublicId } from '@universal-api/ids';
import { platformScopes, roleScopes, type Principal } from '@universal-api/principal';
import {
  Access,
  appOf,
  fromJson,
  methodRules,
  methodsOf,
  productContract,
  toJson,
  type AnyHandler,
  type DescMethod,
  type JsonObject,
} from '@universal-api/protos';
import { KeyService } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import { PlatformService, TenantService } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import {
  callByKey,
  callOfMember,
  addMember,
  openTestTenancy,
  type TestMember,
  type TestTenancy,
} from '../../test/tenancy-fixture.ts';
import { roles } from './role-rank.ts';

/** The least role that may call an operation of the auth service; `operator` is no role but a person who runs the installation. */
const leastRole: Readonly<Record<string, (typeof roles)[number] | 'operator'>> = {
  'auth.me': 'viewer',
  'auth.update_me': 'viewer',
  'auth.change_password': 'viewer',
  'auth.enrol_totp': 'viewer',
  'auth.confirm_totp': 'viewer',
  'auth.disable_totp': 'viewer',
  'auth.renew_recovery_codes': 'viewer',
  'auth.logout': 'viewer',
  'auth.switch_tenant': 'viewer',
  'auth.reauth': 'viewer',
  'auth.list_sessions': 'viewer',
  'auth.revoke_session': 'viewer',
  'auth.revoke_other_sessions': 'viewer',
  'auth.introspect': 'viewer',
  'auth.list_keys': 'viewer',
  'auth.get_key': 'viewer',
  'auth.create_key': 'developer',
  'auth.update_key': 'developer',
  'auth.delete_key': 'developer',
  'auth.rotate_key': 'developer',
  'auth.revoke_key': 'developer',
  'tenant.get': 'viewer',
  'tenant.update': 'admin',
  'tenant.list_members': 'admin',
  'tenant.update_member': 'admin',
  'tenant.remove_member': 'admin',
  'tenant.list_invitations': 'admin',
  'tenant.create_invitation': 'admin',
  'tenant.delete_invitation': 'admin',
  'tenant.get_provider_key': 'viewer',
  'tenant.put_provider_key': 'admin',
  'tenant.delete_provider_key': 'admin',
  'platform.list_tenants': 'operator',
  'platform.create_tenant': 'operator',
  'platform.change_tenant': 'operator',
  'platform.suspend_tenant': 'operator',
  'platform.resume_tenant': 'operator',
  'platform.list_users': 'operator',
  'platform.list_signing_keys': 'operator',
  'platform.rotate_signing_keys': 'operator',
  'platform.set_log_level': 'operator',
  'auth.mail_outbox': 'operator',
  'audit.list': 'admin',
  'audit.verify': 'admin',
  'limits.get': 'viewer',
  'limits.explain': 'viewer',
  'limits.quotas': 'viewer',
  'limits.ledger': 'viewer',
  'limits.set_override': 'admin',
  'limits.set_budget': 'admin',
};

const callers = ['no role', ...roles, 'operator'] as const;
type Caller = (typeof callers)[number];

const scopesOf = (caller: Caller): readonly string[] => {
  if (caller === 'no role') return [];
  return caller === 'operator' ? [...roleScopes.owner, ...platformScopes] : roleScopes[caller];
};
const mayCall = (caller: Caller, least: string) => callers.indexOf(caller) >= callers.indexOf(least as Caller);

const contract = productContract();
const ofAuth = methodsOf(contract).filter((method) => appOf(method) === 'auth');
const operations = ofAuth.filter((method) => {
  const { access, scope } = methodRules(method);
  return access === Access.SCOPE && scope !== 'internal';
});
const nameOf = (method: DescMethod) => methodRules(method).operation;

let auth: TestTenancy;
let server: GrpcServer;
let channel: GrpcChannel;
let who: Principal;
/** The last call that got past the gate. */
let reached: string | undefined;

beforeAll(async () => {
  auth = await openTestTenancy();
  const real: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    [KeyService.typeName]: auth.keys,
    [TenantService.typeName]: auth.tenants,
    [PlatformService.typeName]: auth.platform,
  };
  const handlerOf = (method: DescMethod): AnyHandler<CallContext> => {
    const handler = real[method.parent.typeName]?.[method.localName] as AnyHandler<CallContext> | undefined;
    return (async (request: never, context: CallContext) => {
      reached = method.name;
      return handler === undefined ? {} : handler(request, context);
    }) as AnyHandler<CallContext>;
  };
  const services = new Set(ofAuth.map((method) => method.parent));
  server = createGrpcServer({
    contract,
    services: Object.fromEntries(
      [...services].map((service) => [
        service.typeName,
        Object.fromEntries(service.methods.map((method) => [method.localName, handlerOf(method)])),
      ]),
    ),
    identify: () => who,
    newId,
  });
  const target = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  server.setServing(true);
  channel = createGrpcChannel(contract, target);
}, 60_000);
afterAll(async () => {
  channel?.close();
  await server?.stop(100);
  await auth?.close();
});

/** The request of the operation's example, so that it is a right one; an empty one where there is none. */
function requestOf(method: DescMethod, change: JsonObject = {}) {
  const file = new URL(`../../../../protos/uapi/auth/v1/examples/${nameOf(method)}.json`, import.meta.url);
  const example = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { request: JsonObject }).request : {};
  return fromJson(method.input, { ...example, ...change });
}

/** What comes of a call: `ok`, or a code. */
async function outcomeOf(method: DescMethod, principal: Principal, change?: JsonObject): Promise<string> {
  who = principal;
  reached = undefined;
  const call = channel.unary(method, requestOf(method, change), { deadlineAt: Date.now() + 10_000, metadata: {} });
  return call.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );
}

test('T14 every operation of the auth service stands in the table, and nothing else does', () => {
  expect(Object.keys(leastRole).sort()).toEqual(operations.map(nameOf).sort());
});

describe.each(callers)('T14 %s', (caller) => {
  test('gets past the gate of the listed cells, and is refused with 403 at all others', async () => {
    const cells = [];
    for (const method of operations) {
      const tenantId = caller === 'operator' ? defaultTenantId : newId();
      const outcome = await outcomeOf(method, callByKey(tenantId, scopesOf(caller)).principal);
      const may = mayCall(caller, leastRole[nameOf(method)] ?? 'operator');
      // A request is looked at behind the gate: a wrong one got past it.
      const isPast = reached !== undefined || outcome === 'invalid_request';
      cells.push([nameOf(method), isPast, may || outcome]);
    }
    const expected = operations.map((method) => {
      const may = mayCall(caller, leastRole[nameOf(method)] ?? 'operator');
      return [nameOf(method), may, may || 'permission_denied'];
    });
    expect(cells).toEqual(expected);
  }, 60_000);
});

test('T14 what only our own parts call is for nobody with a role', async () => {
  const internal = ofAuth.filter((method) => methodRules(method).scope === 'internal' && method.methodKind === 'unary');
  expect(internal.length).toBeGreaterThan(4);
  for (const method of internal) {
    const outcome = await outcomeOf(method, callByKey(defaultTenantId, scopesOf('operator')).principal);
    expect([method.name, outcome, reached]).toEqual([method.name, 'permission_denied', undefined]);
  }
});

describe('T12 ids of tenant B, as tenant A', () => {
  let asA: Principal;
  let ofB: { member: TestMember; keyId: string; invitationId: string };

  beforeAll(async () => {
    const memberOfA = await addMember(auth.database, 'owner');
    asA = callOfMember(memberOfA).principal;
    const member = await addMember(auth.database, 'owner');
    const context = callOfMember(member);
    const key = await auth.keys.createKey(requestOf(KeyService.method.createKey) as never, context);
    const wanted = requestOf(TenantService.method.createInvitation) as never;
    const invitation = await auth.tenants.createInvitation(wanted, context);
    await auth.tenants.putProviderKey(requestOf(TenantService.method.putProviderKey) as never, context);
    ofB = { member, keyId: key.id ?? '', invitationId: invitation.id ?? '' };
  });

  /** Fields that name a thing of a tenant, and whose they are here. */
  const foreign = (field: string): string | undefined =>
    ({ key_id: ofB.keyId, user_id: ofB.member.id, invitation_id: ofB.invitationId })[field];
  const services = [KeyService, TenantService];
  const named = services
    .flatMap((service) => [...service.methods])
    .flatMap((method) =>
      method.input.fields
        .filter(({ name }) => name.endsWith('_id') || name === 'provider')
        .map((field) => ({ method, field: field.name })),
    );

  test('T12 are not found, and nothing of B is changed', async () => {
    const read = () =>
      auth.database.transaction(ofB.member.tenantId, async (tx) => ({
        keys: await tx.selectFrom('api_keys').selectAll().execute(),
        members: await tx.selectFrom('memberships').selectAll().execute(),
        invitations: await tx.selectFrom('invitations').selectAll().execute(),
        provided: await tx.selectFrom('provider_keys').selectAll().execute(),
      }));
    const before = await read();
    const outcomes = [];
    for (const { method, field } of named) {
      // A provider is no id of a tenant: what A puts there is A's own.
      if (field === 'provider' && method === TenantService.method.putProviderKey) continue;
      const mask = method.input.fields.some(({ name }) => name === 'update_mask');
      const id = field === 'provider' ? 'weatherapi' : foreign(field);
      if (id === undefined) throw new Error(`${nameOf(method)}: what of B does ${field} name?`);
      const change = { [field]: id, ...(mask && field === 'key_id' ? { update_mask: 'name' } : {}) };
      outcomes.push([nameOf(method), field, await outcomeOf(method, asA, change)]);
    }
    expect(outcomes).toEqual(outcomes.map(([operation, field]) => [operation, field, 'not_found']));
    expect(outcomes.length).toBeGreaterThan(8);
    expect(await read()).toEqual(before);
  });

  test('T12 are in no list', async () => {
    const { listMembers, listInvitations } = TenantService.method;
    const lists: readonly DescMethod[] = [KeyService.method.listKeys, listMembers, listInvitations];
    for (const method of lists) {
      who = asA;
      const { message } = await channel.unary(method, fromJson(method.input, {}), {
        deadlineAt: Date.now() + 10_000,
        metadata: {},
      });
      const text = JSON.stringify(toJson(method.output, message));
      for (const id of [ofB.keyId, ofB.member.id, ofB.member.email, ofB.invitationId]) expect(text).not.toContain(id);
    }
  });
});

describe('T14 200 random extra properties for each write', () => {
  const names = [
    'tenant_id',
    'role',
    'cost',
    '__proto__',
    'owner',
    'scopes',
    'state',
    'plan',
    'status',
    'operator',
    'mac',
  ];
  const randomName = () => names[Math.floor(Math.random() * names.length)] ?? 'cost';

  test('T14 change nothing beside what was asked for, as a property or in the mask', async () => {
    const member = await addMember(auth.database, 'owner');
    const context = callOfMember(member);
    const { updateKey } = KeyService.method;
    const key = await auth.keys.createKey(requestOf(KeyService.method.createKey) as never, context);
    const keyId = key.id ?? '';
    const read = async () => {
      const [row] = await auth.database.transaction(member.tenantId, (tx) =>
        tx.selectFrom('api_keys').selectAll().execute(),
      );
      return row;
    };
    const before = await read();
    for (let count = 0; count < 200; count += 1) {
      const [name, masked] = [randomName(), randomName()];
      // As JSON the property is refused before anything is called.
      expect(() => requestOf(updateKey, JSON.parse(`{"extra_${count}":1,"${name}_x":1}`) as JsonObject)).toThrow();
      // Smuggled past that, it is a property that nobody reads.
      const wanted = fromJson(updateKey.input, { key_id: keyId, name: `name ${count}`, update_mask: 'name' });
      Object.defineProperty(wanted, name === 'scopes' ? 'tenantId' : name, { value: 'x', enumerable: true });
      await auth.keys.updateKey(wanted as never, context);
      if (masked === 'scopes') continue;
      const mask = {
        ...fromJson(updateKey.input, { key_id: keyId, name: 'no' }),
        updateMask: { paths: ['name', masked] },
      };
      await expect(auth.keys.updateKey(mask as never, context)).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await read()).toEqual({ ...before, name: `name ${count}` });
    }
    expect(await read()).toEqual({ ...before, name: 'name 199' });
  }, 60_000);
});

test('T14 an id that is none is not found, whatever it looks like', async () => {
  const { principal } = callByKey(newId(), roleScopes.owner);
  for (const keyId of ['x', newId(), toPublicId('user', newId()), "key_' OR 1=1 --", toPublicId('key', newId())])
    expect(await outcomeOf(KeyService.method.getKey, principal, { key_id: keyId })).toBe('not_found');
});
