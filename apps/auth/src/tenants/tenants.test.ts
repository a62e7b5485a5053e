import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql, withClient } from '@universal-api/database';
import { newId, toPublicId } from '@universal-api/ids';
import { openCredential, roleScopes, type Role } from '@universal-api/principal';
import { create, type MessageInitShape } from '@universal-api/protos';
import {
  CheckSubjectRequestSchema,
  ListContactsRequestSchema,
  ResolveCredentialRequestSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { CreateKeyRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import {
  CreateInvitationRequestSchema,
  DeleteInvitationRequestSchema,
  DeleteProviderKeyRequestSchema,
  GetProviderKeyRequestSchema,
  GetTenantRequestSchema,
  ListInvitationsRequestSchema,
  ListMembersRequestSchema,
  PutProviderKeyRequestSchema,
  RemoveMemberRequestSchema,
  UpdateMemberRequestSchema,
  UpdateTenantRequestSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import type { CallContext } from '@universal-api/grpc';
import { callBy } from '../../test/accounts-fixture.ts';
import { addTenant } from '../../test/auth-fixture.ts';
import {
  addMember,
  auditOf,
  callByKey,
  callOfMember,
  openTestTenancy,
  revocationsOf,
  type TestMember,
  type TestTenancy,
} from '../../test/tenancy-fixture.ts';
import { checkSubject } from '../rpc/check-subject.ts';
import { listContacts } from '../rpc/list-contacts.ts';
import { resolveCredential } from '../rpc/resolve-credential.ts';
import { stemOf } from './create-tenant.ts';

let auth: TestTenancy;
beforeAll(async () => {
  auth = await openTestTenancy();
}, 60_000);
afterAll(() => auth?.close());

/** A tenant with one member of each role asked for. */
async function tenantOf<R extends Role>(...roles: R[]): Promise<Record<R, TestMember> & { tenantId: string }> {
  const tenantId = await addTenant(auth.database);
  const members: Partial<Record<Role, TestMember>> = {};
  for (const role of roles) members[role] = await addMember(auth.database, role, tenantId);
  return { ...(members as Record<R, TestMember>), tenantId };
}
const setRole = (context: CallContext, member: { id: string }, role: string) =>
  auth.tenants.updateMember(create(UpdateMemberRequestSchema, { userId: member.id, role }), context);
const remove = (context: CallContext, member: { id: string }) =>
  auth.tenants.removeMember(create(RemoveMemberRequestSchema, { userId: member.id }), context);
const invite = (context: CallContext, email: string, role: string) =>
  auth.tenants.createInvitation(create(CreateInvitationRequestSchema, { email, role }), context);
const roleOf = async (member: TestMember) => {
  const row = await auth.database.transaction(member.tenantId, (tx) =>
    tx.selectFrom('memberships').select('role').where('user_id', '=', member.userId).executeTakeFirst(),
  );
  return row?.role;
};
const denied = { code: 'permission_denied' };

describe('the own tenant', () => {
  test('is read and renamed, and nothing else of it is changed this way', async () => {
    const { admin, tenantId } = await tenantOf('admin');
    const context = callOfMember(admin);
    const before = await auth.tenants.getTenant(create(GetTenantRequestSchema), context);
    expect(before).toMatchObject({ id: toPublicId('tenant', tenantId), plan: 'pro', status: 'active' });
    const rename = (paths: string[]) =>
      auth.tenants.updateTenant(create(UpdateTenantRequestSchema, { name: 'New', updateMask: { paths } }), context);
    for (const path of ['plan', 'status', 'credential_pool', 'slug', 'tenant_id', '__proto__'])
      await expect(rename(['name', path])).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await auth.tenants.getTenant(create(GetTenantRequestSchema), context)).toEqual(before);
    expect(await rename(['name'])).toEqual({ ...before, name: 'New' });
    expect(await auditOf(auth.database, tenantId)).toMatchObject([{ action: 'tenant.changed', diff: { name: 'New' } }]);
  });
});

describe('roles', () => {
  test('an admin makes no owner and unmakes none; an owner does', async () => {
    const { owner, admin, developer, viewer } = await tenantOf('owner', 'admin', 'developer', 'viewer');
    // As with a token from before a demotion: what counts is the role now.
    const asAdmin = callOfMember(admin, { scp: roleScopes.owner });
    for (const call of [
      () => setRole(asAdmin, developer, 'owner'),
      () => setRole(asAdmin, owner, 'viewer'),
      () => setRole(asAdmin, admin, 'owner'),
      () => remove(asAdmin, owner),
      () => invite(asAdmin, 'x@example.test', 'owner'),
    ])
      await expect(call()).rejects.toMatchObject(denied);
    expect(await setRole(asAdmin, viewer, 'admin')).toMatchObject({ role: 'admin', userId: viewer.id });
    expect(await setRole(callOfMember(owner), developer, 'owner')).toMatchObject({ role: 'owner' });
  });

  test('a key gives no role whose scopes it does not hold, whoever is behind it', async () => {
    const { owner, developer, tenantId } = await tenantOf('owner', 'developer');
    const weak = ['members:write', ...roleScopes.viewer];
    for (const context of [callByKey(tenantId, weak), callByKey(tenantId, weak, owner)]) {
      await expect(setRole(context, developer, 'admin')).rejects.toMatchObject(denied);
      await expect(invite(context, 'x@example.test', 'analyst')).rejects.toMatchObject(denied);
      await expect(remove(context, developer)).rejects.toMatchObject(denied);
    }
    expect(await invite(callByKey(tenantId, weak), 'y@example.test', 'viewer')).toMatchObject({ role: 'viewer' });
    await expect(setRole(callByKey(tenantId, ['members:write']), developer, 'viewer')).rejects.toMatchObject(denied);
    expect(await setRole(callByKey(tenantId, roleScopes.owner), developer, 'owner')).toMatchObject({ role: 'owner' });
  });

  test('the last owner stays, also when two leave at once', async () => {
    const { owner, tenantId } = await tenantOf('owner');
    await expect(setRole(callOfMember(owner), owner, 'admin')).rejects.toMatchObject({ code: 'conflict' });
    await expect(remove(callOfMember(owner), owner)).rejects.toMatchObject({ code: 'conflict' });
    const second = await addMember(auth.database, 'owner', tenantId);
    const outcomes = await Promise.allSettled([
      remove(callOfMember(owner), owner),
      setRole(callOfMember(second), second, 'viewer'),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const left = await Promise.all([owner, second].map(roleOf));
    expect(left.filter((role) => role === 'owner')).toHaveLength(1);
  });

  test('a demotion is told of, and takes back invitations that could not be made any more; a promotion is not', async () => {
    const { owner, admin, tenantId } = await tenantOf('owner', 'admin');
    await invite(callOfMember(admin), 'a@example.test', 'viewer');
    await invite(callOfMember(owner), 'b@example.test', 'admin');
    await setRole(callOfMember(owner), admin, 'owner');
    expect(await revocationsOf(auth.database, admin.userId)).toEqual([]);
    await setRole(callOfMember(owner), admin, 'developer');
    expect(await revocationsOf(auth.database, admin.userId)).toEqual([`user ${admin.userId}/${tenantId}`]);
    const { invitations = [] } = await auth.tenants.listInvitations(
      create(ListInvitationsRequestSchema),
      callOfMember(owner),
    );
    expect(invitations.map(({ email }) => email)).toEqual(['b@example.test']);
    expect((await auditOf(auth.database, tenantId)).at(-1)).toMatchObject({
      action: 'tenant.member.changed',
      object: admin.id,
      diff: { role: 'developer', before: 'owner' },
    });
  });

  test('a change needs a fresh proof of a person', async () => {
    const { tenantId, viewer } = await tenantOf('viewer');
    const stale = callOfMember(await addMember(auth.database, 'owner', tenantId, 601));
    for (const call of [
      () => setRole(stale, viewer, 'admin'),
      () => remove(stale, viewer),
      () => invite(stale, 'x@example.test', 'viewer'),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'fresh_proof_required' });
  });
});

describe('a member who is removed', () => {
  test('loses membership, keys and sessions in that tenant, and nothing elsewhere', async () => {
    const { owner, developer, tenantId } = await tenantOf('owner', 'developer');
    const makeKey = (member: TestMember) =>
      auth.keys.createKey(create(CreateKeyRequestSchema, { name: 'k', scopes: ['data:read'] }), callOfMember(member));
    const [own, other] = [await makeKey(developer), await makeKey(owner)];
    expect(await remove(callOfMember(owner), developer)).toEqual({ revokedKeys: 1 });
    const keyId = own.id?.slice(4) ?? '';
    expect(await revocationsOf(auth.database, developer.userId, developer.sessionId, keyId)).toEqual([
      `key ${keyId}`,
      `user ${developer.userId}/${tenantId}`,
      `session ${developer.sessionId}`,
    ]);
    expect(await roleOf(developer)).toBeUndefined();
    const rows = await auth.database.transaction(tenantId, (tx) =>
      tx.selectFrom('api_keys').select(['key_id', 'state']).orderBy('key_id').execute(),
    );
    expect(rows).toEqual([
      { key_id: keyId, state: 'revoked' },
      { key_id: other.id?.slice(4), state: 'active' },
    ]);
    await expect(remove(callOfMember(owner), developer)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an invitation', () => {
  const tokenOf = (link = '') => new URL(link).hash.slice('#token='.length);
  const accept = (token: string, person: { userId: string; email: string }) =>
    auth.database.asUser(person.userId, (tx) => auth.parts.acceptInvitation(tx, token, person));

  test('makes the invited address a member once, with the role it was invited for', async () => {
    const { admin, tenantId } = await tenantOf('admin');
    const guest = await addMember(auth.database, 'owner');
    const made = await invite(callOfMember(admin), guest.email.toUpperCase(), 'developer');
    expect(made).toMatchObject({ email: guest.email, role: 'developer', invitedBy: admin.id });
    const token = tokenOf(made.link);
    expect(await accept(token, guest)).toEqual({ tenantId, role: 'developer' });
    await expect(accept(token, guest)).rejects.toMatchObject({ code: 'invalid_grant' });
    const { members = [] } = await auth.tenants.listMembers(create(ListMembersRequestSchema), callOfMember(admin));
    expect(members.map(({ userId, role }) => [userId, role])).toEqual([
      [admin.id, 'admin'],
      [guest.id, 'developer'],
    ]);
    const actions = (await auditOf(auth.database, tenantId)).map(({ action }) => action);
    expect(actions).toEqual(['tenant.invitation.created', 'tenant.member.joined']);
  });

  test('is good for nobody else, not after its time, and not once it was taken back', async () => {
    const { owner, tenantId } = await tenantOf('owner');
    const [guest, stranger] = [await addMember(auth.database, 'owner'), await addMember(auth.database, 'owner')];
    const made = await invite(callOfMember(owner), guest.email, 'viewer');
    const token = tokenOf(made.link);
    await expect(accept(token, stranger)).rejects.toMatchObject({ code: 'invalid_grant' });
    await expect(accept(`${token}x`, guest)).rejects.toMatchObject({ code: 'invalid_grant' });
    const takeBack = (member: TestMember) =>
      auth.tenants.deleteInvitation(
        create(DeleteInvitationRequestSchema, { invitationId: made.id }),
        callOfMember(member),
      );
    await expect(takeBack(stranger)).rejects.toMatchObject({ code: 'not_found' });
    await takeBack(owner);
    await expect(accept(token, guest)).rejects.toMatchObject({ code: 'invalid_grant' });
    const again = await invite(callOfMember(owner), guest.email, 'viewer');
    await expireInvitations(tenantId);
    await expect(accept(tokenOf(again.link), guest)).rejects.toMatchObject({ code: 'invalid_grant' });
    expect(await invite(callOfMember(owner), guest.email, 'viewer')).toMatchObject({ role: 'viewer' });
  });

  test('is refused for a member, an address that is invited, and what is no address', async () => {
    const { owner, viewer } = await tenantOf('owner', 'viewer');
    await invite(callOfMember(owner), 'c@example.test', 'viewer');
    for (const email of [viewer.email, 'C@example.test'])
      await expect(invite(callOfMember(owner), email, 'viewer')).rejects.toMatchObject({ code: 'already_exists' });
    await expect(invite(callOfMember(owner), 'no address', 'viewer')).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  test('repeated under one Idempotency-Key invites once, and its link is not shown again', async () => {
    const { owner } = await tenantOf('owner');
    const context = { ...callOfMember(owner), idempotencyKey: newId() };
    const first = await invite(context, 'd@example.test', 'viewer');
    const second = await invite(context, 'd@example.test', 'viewer');
    expect(second).toMatchObject({ id: first.id });
    expect([Boolean(first.link), second.link]).toEqual([true, undefined]);
  });

  async function expireInvitations(tenantId: string) {
    await withClient(auth.server.adminUrl, (client) =>
      client.query('UPDATE auth.invitations SET expires_at = now() WHERE tenant_id = $1', [tenantId]),
    );
  }
});

describe('a provider credential', () => {
  const value = 'canary-0123456789abcdefWXYZ';
  const put = (context: CallContext, wanted: MessageInitShape<typeof PutProviderKeyRequestSchema> = {}) =>
    auth.tenants.putProviderKey(
      create(PutProviderKeyRequestSchema, { provider: 'weatherapi', value, ...wanted }),
      context,
    );
  const resolve = (tenantId: string, service: string) =>
    resolveCredential(auth.parts)(
      create(ResolveCredentialRequestSchema, { tenantId, provider: 'weatherapi' }),
      callBy({ typ: 'system', iss: service }),
    );

  test('is known by its last four characters, and opened by the asking service alone', async () => {
    const { owner, tenantId } = await tenantOf('owner');
    const stored = await put(callOfMember(owner), { variable: 'WEATHERAPI_KEY' });
    expect(stored).toMatchObject({
      provider: 'weatherapi',
      variable: 'WEATHERAPI_KEY',
      last4: 'WXYZ',
      createdBy: owner.id,
    });
    const get = auth.tenants.getProviderKey(
      create(GetProviderKeyRequestSchema, { provider: 'weatherapi' }),
      callOfMember(owner),
    );
    expect(await get).toEqual(stored);
    const { sealed = new Uint8Array(), keyVersion = 0, ...said } = await resolve(tenantId, 'search');
    expect(said).toEqual({ found: true, variable: 'WEATHERAPI_KEY' });
    const of = { tenantId, provider: 'weatherapi' };
    const keys = auth.internalKeys;
    expect(openCredential({ keys, service: 'search' }, of, { sealed, keyVersion })).toBe(value);
    expect(() => openCredential({ keys, service: 'video' }, of, { sealed, keyVersion })).toThrow();
  });

  test('is nowhere to be read: not in its row, not in the audit log', async () => {
    const { owner, tenantId } = await tenantOf('owner');
    await put(callOfMember(owner));
    const { rows } = await auth.database.transaction(tenantId, (tx) =>
      sql<{ text: string }>`
        SELECT p::text || coalesce((SELECT string_agg(a::text, ' ') FROM audit a), '') AS text FROM provider_keys p`.execute(
        tx,
      ),
    );
    expect(rows[0]?.text).toContain('tenant.provider_key.stored');
    for (const form of ['utf8', 'hex', 'base64', 'base64url'] as const)
      expect(rows[0]?.text).not.toContain(Buffer.from(value).toString(form));
  });

  test('of a short one shows nothing; replaced and deleted, the old one is gone', async () => {
    const { owner, tenantId } = await tenantOf('owner');
    expect(await put(callOfMember(owner), { value: 'short' })).toMatchObject({ last4: '' });
    expect(await put(callOfMember(owner))).toMatchObject({ last4: 'WXYZ' });
    const drop = () =>
      auth.tenants.deleteProviderKey(
        create(DeleteProviderKeyRequestSchema, { provider: 'weatherapi' }),
        callOfMember(owner),
      );
    await drop();
    expect(await resolve(tenantId, 'search')).toEqual({ found: false });
    await expect(drop()).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is the hundredth at most, and one that is there can still be replaced', async () => {
    const { owner, tenantId } = await tenantOf('owner');
    await put(callOfMember(owner));
    await auth.database.transaction(tenantId, (tx) =>
      sql`
        INSERT INTO provider_keys (tenant_id, provider, variable, ciphertext, last4, created_by)
        SELECT tenant_id, 'p' || n, variable, ciphertext, last4, created_by FROM provider_keys, generate_series(1, 99) n`.execute(
        tx,
      ),
    );
    await expect(put(callOfMember(owner), { provider: 'another' })).rejects.toMatchObject({ code: 'conflict' });
    expect(await put(callOfMember(owner), { value: 'short' })).toMatchObject({ last4: '' });
  });

  test('is not given to a tenant that may use none, or does not work', async () => {
    const { owner, tenantId } = await tenantOf('owner');
    await put(callOfMember(owner));
    const change = (set: { credential_pool?: string; status?: 'active' | 'suspended' }) =>
      auth.database.transaction(tenantId, (tx) => tx.updateTable('tenants').set(set).execute());
    for (const set of [{ credential_pool: 'local' }, { credential_pool: 'own', status: 'suspended' as const }]) {
      await change(set);
      expect(await resolve(tenantId, 'search')).toEqual({ found: false });
    }
    await change({ status: 'active' });
    expect((await resolve(tenantId, 'search')).found).toBe(true);
    expect(await resolve(await addTenant(auth.database), 'search')).toEqual({ found: false });
  });

  test('needs a fresh proof of a person', async () => {
    const { tenantId } = await tenantOf();
    const stale = await addMember(auth.database, 'owner', tenantId, 601);
    await expect(put(callOfMember(stale))).rejects.toMatchObject({ code: 'fresh_proof_required' });
  });
});

describe('what other services ask', () => {
  const check = (asked: MessageInitShape<typeof CheckSubjectRequestSchema>) =>
    checkSubject(auth.parts)(create(CheckSubjectRequestSchema, asked));

  test('a person and a key may act as far as they do now', async () => {
    const { owner, developer, tenantId } = await tenantOf('owner', 'developer');
    const key = await auth.keys.createKey(
      create(CreateKeyRequestSchema, { name: 'k', scopes: ['data:read', 'chat:write'] }),
      callOfMember(developer),
    );
    const keyId = key.id?.slice(4) ?? '';
    expect(await check({ tenantId, userId: developer.userId })).toEqual({
      ...{ active: true, scopes: [...roleScopes.developer], plan: 'pro', credentialPool: 'own' },
    });
    expect(await check({ tenantId, keyId })).toMatchObject({ active: true, scopes: ['data:read', 'chat:write'] });
    await setRole(callOfMember(owner), developer, 'viewer');
    expect(await check({ tenantId, keyId, userId: developer.userId })).toMatchObject({ scopes: ['data:read'] });
    await remove(callOfMember(owner), developer);
    for (const asked of [{ keyId }, { userId: developer.userId }, { keyId, userId: owner.userId }])
      expect(await check({ tenantId, ...asked })).toEqual({ active: false });
  });

  test('nobody acts in a tenant that is suspended, not theirs or not there', async () => {
    const { owner, tenantId } = await tenantOf('owner');
    await auth.database.transaction(tenantId, (tx) => tx.updateTable('tenants').set({ status: 'suspended' }).execute());
    for (const asked of [tenantId, await addTenant(auth.database), newId()])
      expect(await check({ tenantId: asked, userId: owner.userId })).toEqual({ active: false });
    await expect(check({ tenantId })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('contacts are the proved addresses of active members with that role', async () => {
    const { admin, tenantId } = await tenantOf('owner', 'admin');
    const unproved = await addMember(auth.database, 'admin', tenantId);
    await auth.database.asUser(unproved.userId, (tx) =>
      tx.updateTable('users').set({ email_verified_at: null }).execute(),
    );
    const ask = (role: string) => listContacts(auth.parts)(create(ListContactsRequestSchema, { tenantId, role }));
    expect(await ask('admin')).toEqual({ emails: [admin.email] });
    expect(await ask('viewer')).toEqual({ emails: [] });
    await expect(ask('boss')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

test.each([
  ['Ätna & Söhne GmbH', 'a-tna-so-hne-gmbh'],
  ['42 things', 'things'],
  ['日本', 't'],
  ['x'.repeat(90), 'x'.repeat(40)],
])('the name %s makes the slug %s…', (name, stem) => {
  expect(stemOf(name)).toBe(stem);
});
