import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultTenantId, newId, systemTenantId, toPublicId } from '@universal-api/ids';
import { create, type MessageInitShape } from '@universal-api/protos';
import { VerifyKeyRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import {
  ChangeTenantRequestSchema,
  CreateTenantRequestSchema,
  ListTenantsRequestSchema,
  ListUsersRequestSchema,
  ResumeTenantRequestSchema,
  SuspendTenantRequestSchema,
  type ChangeTenantRequest,
} from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { addKey, addTenant } from '../../test/auth-fixture.ts';
import {
  addMember,
  auditOf,
  callOfOperator,
  openTestTenancy,
  revocationsOf,
  type TestTenancy,
} from '../../test/tenancy-fixture.ts';
import { verifyKey } from '../rpc/verify-key.ts';
import { createApiKeyStore } from '../store/api-key-store.ts';

let auth: TestTenancy;
beforeAll(async () => {
  auth = await openTestTenancy();
}, 60_000);
afterAll(() => auth?.close());

const operator = callOfOperator(defaultTenantId);
const idOf = (tenantId: string) => toPublicId('tenant', tenantId);
const make = (wanted: MessageInitShape<typeof CreateTenantRequestSchema>, context = operator) =>
  auth.platform.createTenant(create(CreateTenantRequestSchema, wanted), context);
const change = (
  tenantId: string,
  wanted: Partial<Pick<ChangeTenantRequest, 'name' | 'plan' | 'credentialPool'>>,
  paths: string[],
) =>
  auth.platform.changeTenant(
    create(ChangeTenantRequestSchema, { tenantId: idOf(tenantId), ...wanted, updateMask: { paths } }),
    operator,
  );
const suspend = (tenantId: string, reason = 'unpaid') =>
  auth.platform.suspendTenant(create(SuspendTenantRequestSchema, { tenantId: idOf(tenantId), reason }), operator);
const resume = (tenantId: string) =>
  auth.platform.resumeTenant(create(ResumeTenantRequestSchema, { tenantId: idOf(tenantId) }), operator);

describe('a new tenant', () => {
  test('has what was asked for, once under one Idempotency-Key, and is in both chains', async () => {
    const context = { ...operator, idempotencyKey: newId() };
    const made = await make({ name: 'Blue Sky', plan: 'starter', credentialPool: 'own' }, context);
    expect(made).toMatchObject({ name: 'Blue Sky', status: 'active', plan: 'starter', credentialPool: 'own' });
    expect(made.slug).toMatch(/^blue-sky-[0-9a-f]{8}$/);
    expect(await make({ name: 'Blue Sky', plan: 'starter', credentialPool: 'own' }, context)).toMatchObject({
      id: made.id,
    });
    const entry = { action: 'platform.tenant.created', object: made.id };
    for (const chain of [made.id?.slice(4) ?? '', systemTenantId])
      expect(await auditOf(auth.database, chain)).toMatchObject([entry]);
  });

  test('is local and free when nobody says, and takes no slug of another', async () => {
    expect(await make({ name: 'x', slug: 'taken' })).toMatchObject({
      slug: 'taken',
      plan: 'free',
      credentialPool: 'local',
    });
    await expect(make({ name: 'y', slug: 'taken' })).rejects.toMatchObject({ code: 'already_exists' });
  });
});

describe('a tenant that is changed', () => {
  test('is told of where it has less than before, and not where it has more', async () => {
    const tenantId = await addTenant(auth.database, 'starter');
    expect(await change(tenantId, { plan: 'pro', name: 'not named' }, ['plan'])).toMatchObject({
      ...{ plan: 'pro', name: 'A tenant' },
    });
    expect(await revocationsOf(auth.database, tenantId)).toEqual([]);
    await change(tenantId, { credentialPool: 'local' }, ['credential_pool']);
    expect(await revocationsOf(auth.database, tenantId)).toEqual([`tenant ${tenantId}`]);
    expect((await auditOf(auth.database, tenantId)).map(({ diff }) => diff)).toEqual([
      { plan: 'pro' },
      { credential_pool: 'local' },
    ]);
  });

  test('is refused for fields that nobody changes, values taken away, and an id that is none', async () => {
    const tenantId = await addTenant(auth.database);
    for (const path of ['status', 'slug', 'tenant_id', '__proto__', 'created_at'])
      await expect(change(tenantId, { plan: 'free' }, ['plan', path])).rejects.toMatchObject({
        code: 'invalid_request',
      });
    await expect(change(tenantId, {}, ['plan'])).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(change(newId(), { plan: 'free' }, ['plan'])).rejects.toMatchObject({ code: 'not_found' });
    expect(await auditOf(auth.database, tenantId)).toEqual([]);
  });
});

describe('a tenant that is suspended', () => {
  test('does nothing until it is resumed; everybody who watches is told once, both chains say why', async () => {
    const tenantId = await addTenant(auth.database);
    const key = await addKey(auth.database, auth.peppers, { tenantId });
    const verify = () =>
      verifyKey({ keys: createApiKeyStore(auth.database), peppers: auth.peppers })(
        create(VerifyKeyRequestSchema, { key: key.text }),
      );
    expect((await verify()).valid).toBe(true);
    for (let time = 0; time < 2; time += 1) expect(await suspend(tenantId)).toMatchObject({ status: 'suspended' });
    expect((await verify()).valid).toBe(false);
    expect(await revocationsOf(auth.database, tenantId)).toEqual([`tenant ${tenantId}`]);
    expect(await resume(tenantId)).toMatchObject({ status: 'active' });
    expect((await verify()).valid).toBe(true);
    const entries = [
      { action: 'platform.tenant.suspended', object: idOf(tenantId), reason: 'unpaid' },
      { action: 'platform.tenant.resumed', object: idOf(tenantId) },
    ];
    expect(await auditOf(auth.database, tenantId)).toMatchObject(entries);
    expect((await auditOf(auth.database, systemTenantId)).slice(-2)).toMatchObject(entries);
  });

  test('is none that the installation works with, and none that is being erased', async () => {
    for (const reserved of [systemTenantId, defaultTenantId])
      await expect(suspend(reserved)).rejects.toMatchObject({ code: 'conflict' });
    const tenantId = await addTenant(auth.database);
    await auth.database.transaction(tenantId, (tx) => tx.updateTable('tenants').set({ status: 'erasing' }).execute());
    for (const call of [suspend, resume]) await expect(call(tenantId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(suspend(newId())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('lists over all tenants', () => {
  test('give every tenant once over the pages', async () => {
    for (let count = 0; count < 4; count += 1) await addTenant(auth.database);
    const list = (pageSize: number, pageToken?: string) =>
      auth.platform.listTenants(create(ListTenantsRequestSchema, { pageSize, pageToken }), operator);
    const all = (await list(100)).tenants?.map(({ id }) => id);
    const seen: (string | undefined)[] = [];
    for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
      const page = await list(3, pageToken);
      seen.push(...(page.tenants ?? []).map(({ id }) => id));
      pageToken = page.nextPageToken === '' ? undefined : page.nextPageToken;
    }
    expect(seen).toEqual(all);
    expect(all).toContain(idOf(systemTenantId));
  });

  test('give people, and the one of an address', async () => {
    const [one, other] = [await addMember(auth.database, 'viewer'), await addMember(auth.database, 'owner')];
    const list = (email?: string) => auth.platform.listUsers(create(ListUsersRequestSchema, { email }), operator);
    expect((await list()).users?.map(({ id }) => id)).toEqual([other.id, one.id]);
    expect((await list(one.email.toUpperCase())).users).toMatchObject([
      { id: one.id, email: one.email, status: 'active', isOperator: false, emailVerified: true },
    ]);
    expect((await list('nobody@example.test')).users).toEqual([]);
  });
});
