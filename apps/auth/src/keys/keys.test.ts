import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '@universal-api/ids';
import { apiKeyPattern, roleScopes } from '@universal-api/principal';
import { create, type MessageInitShape } from '@universal-api/protos';
import { VerifyKeyRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import {
  CreateKeyRequestSchema,
  DeleteKeyRequestSchema,
  GetKeyRequestSchema,
  ListKeysRequestSchema,
  RevokeKeyRequestSchema,
  RotateKeyRequestSchema,
  UpdateKeyRequestSchema,
  type UpdateKeyRequest,
} from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import {
  CreateInvitationRequestSchema,
  ListInvitationsRequestSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import type { CallContext } from '@universal-api/grpc';
import { addTenant, changeKey } from '../../test/auth-fixture.ts';
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
import { verifyKey } from '../rpc/verify-key.ts';
import { createApiKeyStore } from '../store/api-key-store.ts';

let auth: TestTenancy;
let owner: TestMember;
let admin: TestMember;
let developer: TestMember;

beforeAll(async () => {
  auth = await openTestTenancy();
  owner = await addMember(auth.database, 'owner');
  admin = await addMember(auth.database, 'admin', owner.tenantId);
  developer = await addMember(auth.database, 'developer', owner.tenantId);
}, 60_000);
afterAll(() => auth?.close());

type New = MessageInitShape<typeof CreateKeyRequestSchema>;

const plain = { name: 'A key', scopes: ['data:read'] };
const makeBy = (context: CallContext, wanted: New = {}) =>
  auth.keys.createKey(create(CreateKeyRequestSchema, { ...plain, ...wanted }), context);
const make = (member: TestMember, wanted: New = {}) => makeBy(callOfMember(member), wanted);
const get = (context: CallContext, keyId = '') => auth.keys.getKey(create(GetKeyRequestSchema, { keyId }), context);
const revoke = (context: CallContext, keyId = '', reason?: string) =>
  auth.keys.revokeKey(create(RevokeKeyRequestSchema, { keyId, reason }), context);
const rotate = (context: CallContext, keyId = '', overlapS?: number) =>
  auth.keys.rotateKey(create(RotateKeyRequestSchema, { keyId, overlapS }), context);
const update = (
  context: CallContext,
  { mask, ...change }: { mask: string[] } & Partial<Pick<UpdateKeyRequest, 'keyId' | 'name' | 'scopes' | 'metadata'>>,
) => auth.keys.updateKey(create(UpdateKeyRequestSchema, { ...change, updateMask: { paths: mask } }), context);
const list = (context: CallContext, wanted: MessageInitShape<typeof ListKeysRequestSchema> = {}) =>
  auth.keys.listKeys(create(ListKeysRequestSchema, wanted), context);
const verify = (key = '', clientIp?: string) =>
  verifyKey({ keys: createApiKeyStore(auth.database), peppers: auth.peppers })(
    create(VerifyKeyRequestSchema, { key, clientIp }),
  );
const uuidOf = (publicId = '') => publicId.slice(4);
const daysTo = (at: { seconds?: bigint } | undefined) =>
  Math.round((Number(at?.seconds ?? 0n) * 1000 - Date.now()) / 86_400_000);

describe('a new key', () => {
  test('works, is bounded as it was asked for, and its text is in that one answer alone', async () => {
    const limits = { 'lookup-min': 10 };
    const made = await make(developer, { mode: 'test', ipAllow: ['192.0.2.9/24'], limits, metadata: { team: 'red' } });
    expect(made).toMatchObject({ mode: 'test', owner: developer.id, state: 'active', warnings: [], limits });
    expect(made.ipAllow).toEqual(['192.0.2.0/24']);
    expect(made.key).toMatch(apiKeyPattern);
    expect(daysTo(made.expiresAt as { seconds: bigint })).toBe(90);
    const shown = await get(callOfMember(developer), made.id);
    expect(shown).toEqual({ ...made, key: undefined });
    expect(await verify(made.key, '192.0.2.77')).toMatchObject({
      valid: true,
      userId: developer.userId,
      keyId: uuidOf(made.id),
      scopes: ['data:read'],
      limits,
      ipAllow: ['192.0.2.0/24'],
    });
    expect((await auditOf(auth.database, owner.tenantId)).at(-1)).toMatchObject({
      action: 'auth.key.created',
      object: made.id,
      actor_kind: 'user',
      diff: { scopes: 'data:read', owner: developer.id },
    });
  });

  test('under one Idempotency-Key is made once, and the repeated answer has no text', async () => {
    const repeated = { ...callOfMember(developer), idempotencyKey: newId() };
    const first = await makeBy(repeated);
    const second = await makeBy(repeated);
    expect(second.id).toBe(first.id);
    expect([second.key, second.alreadyShown]).toEqual([undefined, true]);
    expect(first.alreadyShown).toBeUndefined();
  });

  test('of the tenant is for admins, one without an end for owners', async () => {
    await expect(make(developer, { owner: 'tenant' })).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await make(admin, { owner: 'tenant' })).toMatchObject({ owner: '' });
    for (const member of [developer, admin])
      await expect(make(member, { neverExpires: true })).rejects.toMatchObject({ code: 'permission_denied' });
    const endless = await make(owner, { neverExpires: true });
    expect(endless.expiresAt).toBeUndefined();
    expect(endless.warnings).toHaveLength(1);
  });

  test('holds no scope that its maker lacks, by role or by key', async () => {
    for (const scope of ['members:write', 'privacy:write', 'platform:write'])
      await expect(make(developer, { scopes: [scope] })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(make(owner, { scopes: ['platform:read'] })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(make(owner, { scopes: ['internal'] })).rejects.toMatchObject({ code: 'invalid_request' });
    const byKey = callByKey(owner.tenantId, ['keys:write', 'data:read']);
    await expect(makeBy(byKey, { scopes: ['chat:write'] })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(makeBy(byKey, { neverExpires: true })).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await makeBy(byKey)).toMatchObject({ owner: '', scopes: ['data:read'] });
    expect(await makeBy(callByKey(owner.tenantId, ['tools:*']), { scopes: ['tools:weather'] })).toMatchObject({
      scopes: ['tools:weather'],
    });
  });

  test('is no live one where a test key asks for it, nor where one rotates it', async () => {
    const byTest = callByKey(owner.tenantId, roleScopes.owner);
    const context = { ...byTest, principal: { ...byTest.principal, mode: 'test' as const } };
    const live = await makeBy(byTest);
    await expect(makeBy(context)).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(rotate(context, live.id)).rejects.toMatchObject({ code: 'permission_denied' });
    const made = await makeBy(context, { mode: 'test' });
    expect(await rotate(context, made.id)).toMatchObject({ mode: 'test' });
  });

  test('is bounded by the role that its maker has now, whatever a token or key from before says', async () => {
    const before = { scp: roleScopes.owner };
    for (const context of [callOfMember(developer, before), callByKey(owner.tenantId, roleScopes.owner, developer)])
      await expect(makeBy(context, { scopes: ['privacy:write'] })).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('needs a fresh proof of a person, and none of a key', async () => {
    const stale = await addMember(auth.database, 'owner', owner.tenantId, 601);
    await expect(make(stale)).rejects.toMatchObject({ code: 'fresh_proof_required' });
    await expect(rotate(callOfMember(stale), newId())).rejects.toMatchObject({ code: 'fresh_proof_required' });
  });

  test.each<[string, New]>([
    ['scopes', { scopes: [] }],
    ['scopes[1]', { scopes: ['data:read', 'data:write'] }],
    ['ip_allow[0]', { ipAllow: ['192.0.2.0'] }],
    ['limits.nothing-min', { limits: { 'nothing-min': 1 } }],
    ['limits.tenant-min', { limits: { 'tenant-min': 1 } }],
    ['limits.lookup-min', { limits: { 'lookup-min': 1_001 } }],
    ['limits.lookup-min', { limits: { 'lookup-min': 0 } }],
    ['metadata', { metadata: { a: 'x'.repeat(257) } }],
    ['never_expires', { neverExpires: true, expiresInDays: 3 }],
  ])('is refused for %s out of bounds', async (field, wanted) => {
    await expect(make(owner, wanted)).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ field }] },
    });
  });

  test('has a budget that is an account of the ledger', async () => {
    const made = await make(admin, { budgetNanoUsdMonth: '5000000000' });
    expect(made.budgetNanoUsdMonth).toBe('5000000000');
    const accounts = await auth.database.transaction(owner.tenantId, (tx) =>
      tx.selectFrom('quota_accounts').selectAll().where('subject', '=', uuidOf(made.id)).execute(),
    );
    expect(accounts).toMatchObject([{ scope: 'key', unit: 'nano_usd', period: 'month', limit: 5_000_000_000n }]);
  });

  test('is the hundredth at most, also when ten are asked for at once', async () => {
    const tenantId = await addTenant(auth.database);
    const call = () => makeBy(callByKey(tenantId, ['keys:write', 'data:read']));
    for (let count = 0; count < 95; count += 1) await call();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, call));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused.map(({ code }) => code)).toEqual(Array(5).fill('conflict'));
  });
});

describe('a rotated key', () => {
  test('has a successor of the same lineage, alike but for its text; both work through the overlap', async () => {
    const old = await make(developer, { expiresInDays: 10, metadata: { team: 'red' }, limits: { 'key-min': 5 } });
    const next = await rotate(callOfMember(developer), old.id);
    expect(next).toMatchObject({ lineageId: old.lineageId, rotatedFrom: old.id, state: 'active', scopes: old.scopes });
    expect(next).toMatchObject({
      metadata: { team: 'red' },
      limits: { 'key-min': 5 },
      owner: old.owner,
      name: old.name,
    });
    expect(daysTo(next.expiresAt as { seconds: bigint })).toBe(10);
    for (const key of [old.key, next.key])
      expect(await verify(key)).toMatchObject({ valid: true, lineageId: uuidOf(old.id) });
    await changeKey(auth.database, { tenantId: owner.tenantId, keyId: uuidOf(old.id) }, { overlap_until: new Date(0) });
    expect(await verify(old.key)).toEqual({ valid: false });
    await expect(rotate(callOfMember(developer), old.id)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('without an overlap ends at once, and everybody who watches is told', async () => {
    const old = await make(developer);
    await rotate(callOfMember(developer), old.id, 0);
    expect(await verify(old.key)).toEqual({ valid: false });
    expect(await revocationsOf(auth.database, uuidOf(old.id))).toEqual([`key ${uuidOf(old.id)}`]);
  });

  test('ends when its successor is rotated: at most two of a lineage live', async () => {
    const first = await make(developer);
    const second = await rotate(callOfMember(developer), first.id);
    const third = await rotate(callOfMember(developer), second.id);
    expect((await verify(first.key)).valid).toBe(false);
    for (const key of [second.key, third.key]) expect((await verify(key)).valid).toBe(true);
  });

  test('without an end is rotated by owners alone, and no successor lives longer than a key may', async () => {
    const endless = await make(owner, { owner: 'tenant', neverExpires: true });
    await expect(rotate(callOfMember(admin), endless.id)).rejects.toMatchObject({ code: 'permission_denied' });
    expect((await rotate(callOfMember(owner), endless.id)).expiresAt).toBeUndefined();
    const old = await make(developer, { expiresInDays: 365 });
    const month = new Date(Date.now() - 30 * 86_400_000);
    await changeKey(auth.database, { tenantId: owner.tenantId, keyId: uuidOf(old.id) }, { created_at: month });
    expect(daysTo((await rotate(callOfMember(developer), old.id)).expiresAt)).toBe(365);
  });

  test('is rotated by nobody who would hold more by it, or be somebody else', async () => {
    const ofOwner = await make(owner, { scopes: ['privacy:write'] });
    const ofTenant = await make(owner, { owner: 'tenant', scopes: ['privacy:write'] });
    for (const key of [ofOwner, ofTenant])
      await expect(rotate(callOfMember(admin), key.id)).rejects.toMatchObject({ code: 'permission_denied' });
    const weak = callByKey(owner.tenantId, ['keys:write']);
    await expect(rotate(weak, ofTenant.id)).rejects.toMatchObject({ code: 'permission_denied' });
    const ofDeveloper = await make(developer);
    await expect(rotate(callOfMember(owner), ofDeveloper.id)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

describe('a revoked key', () => {
  test('is refused, told of and audited with the reason; a second time writes nothing', async () => {
    const made = await make(developer);
    const before = (await auditOf(auth.database, owner.tenantId)).length;
    for (let time = 0; time < 2; time += 1)
      expect(await revoke(callOfMember(developer), made.id, 'leaked')).toMatchObject({ state: 'revoked' });
    expect(await verify(made.key)).toEqual({ valid: false });
    expect(await revocationsOf(auth.database, uuidOf(made.id))).toHaveLength(1);
    const entries = (await auditOf(auth.database, owner.tenantId)).slice(before);
    expect(entries).toMatchObject([{ action: 'auth.key.revoked', object: made.id, reason: 'leaked' }]);
  });

  test('takes with it the invitations that it made: whoever stole it does not come back by one', async () => {
    const stolen = await make(owner, { owner: 'tenant' });
    const byKey = callByKey(owner.tenantId, roleScopes.owner);
    const context = { ...byKey, principal: { ...byKey.principal, sub: uuidOf(stolen.id), key: uuidOf(stolen.id) } };
    const invite = (by: CallContext, email: string) =>
      auth.tenants.createInvitation(create(CreateInvitationRequestSchema, { email, role: 'owner' }), by);
    await invite(context, 'thief@example.test');
    await invite(callOfMember(owner), 'friend@example.test');
    await revoke(callOfMember(owner), stolen.id);
    const left = await auth.tenants.listInvitations(create(ListInvitationsRequestSchema, {}), callOfMember(owner));
    expect(left.invitations?.map(({ email }) => email)).toEqual(['friend@example.test']);
    // A gateway may remember it for five seconds more.
    await expect(makeBy(context)).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(invite(context, 'thief@example.test')).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('can be deleted, and is then seen by nobody', async () => {
    const made = await make(developer);
    await auth.keys.deleteKey(create(DeleteKeyRequestSchema, { keyId: made.id }), callOfMember(developer));
    expect(await verify(made.key)).toEqual({ valid: false });
    await expect(get(callOfMember(owner), made.id)).rejects.toMatchObject({ code: 'not_found' });
    const { keys = [] } = await list(callOfMember(owner), { state: 'revoked', pageSize: 100 });
    expect(keys.map(({ id }) => id)).not.toContain(made.id);
  });
});

describe('a changed key', () => {
  test('changes what is named and nothing else, and is looked up again', async () => {
    const made = await make(developer, { scopes: ['data:read', 'search:read'] });
    const changed = await update(callOfMember(developer), {
      ...{ keyId: made.id, name: 'Other', scopes: ['data:read'], metadata: { not: 'named' } },
      mask: ['name', 'scopes'],
    });
    expect(changed).toEqual({ ...made, key: undefined, name: 'Other', scopes: ['data:read'] });
    expect(await verify(made.key)).toMatchObject({ scopes: ['data:read'] });
    expect(await revocationsOf(auth.database, uuidOf(made.id))).toHaveLength(1);
    expect((await auditOf(auth.database, owner.tenantId)).at(-1)?.diff).toEqual({ name: '', scopes: 'data:read' });
  });

  test('gains only what the caller holds, with a fresh proof; loses its end for owners alone', async () => {
    const made = await make(developer);
    const gain = { keyId: made.id, scopes: ['data:read', 'members:read'], mask: ['scopes'] };
    await expect(update(callOfMember(developer), gain)).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(update(callByKey(owner.tenantId, ['keys:write']), gain)).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const stale = await addMember(auth.database, 'owner', owner.tenantId, 601);
    await expect(update(callOfMember(stale), gain)).rejects.toMatchObject({ code: 'fresh_proof_required' });
    const endless = { keyId: made.id, mask: ['expires_in_days'] };
    await expect(update(callOfMember(admin), endless)).rejects.toMatchObject({ code: 'permission_denied' });
    expect((await update(callOfMember(owner), endless)).expiresAt).toBeUndefined();
  });

  test('is refused once it does not live, and for fields that nobody changes', async () => {
    const made = await make(developer);
    const before = await get(callOfMember(developer), made.id);
    for (const path of ['owner', 'tenant_id', 'mode', 'state', 'mac', 'key_id', '__proto__', 'constructor'])
      await expect(
        update(callOfMember(owner), { keyId: made.id, name: 'x', mask: ['name', path] }),
      ).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(update(callOfMember(owner), { keyId: made.id, mask: [] })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(await get(callOfMember(developer), made.id)).toEqual(before);
    await revoke(callOfMember(developer), made.id);
    await expect(update(callOfMember(owner), { keyId: made.id, name: 'x', mask: ['name'] })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('who sees which keys', () => {
  test('a developer their own, an admin all of the tenant, another tenant none', async () => {
    const [ofDeveloper, ofAdmin] = [await make(developer), await make(admin)];
    const idsOf = async (context: CallContext) =>
      (await list(context, { pageSize: 100 })).keys?.map(({ id }) => id) ?? [];
    expect(await idsOf(callOfMember(developer))).toContain(ofDeveloper.id);
    expect(await idsOf(callOfMember(developer))).not.toContain(ofAdmin.id);
    expect(await idsOf(callOfMember(admin))).toEqual(expect.arrayContaining([ofDeveloper.id, ofAdmin.id]));
    expect(await idsOf(callByKey(owner.tenantId, ['keys:read'], developer))).not.toContain(ofAdmin.id);
    const foreign = callOfMember(await addMember(auth.database, 'owner'));
    expect(await idsOf(foreign)).toEqual([]);
    for (const context of [callOfMember(developer), foreign]) {
      for (const call of [
        () => get(context, ofAdmin.id),
        () => rotate(context, ofAdmin.id),
        () => revoke(context, ofAdmin.id),
        () => update(context, { keyId: ofAdmin.id, name: 'x', mask: ['name'] }),
        () => auth.keys.deleteKey(create(DeleteKeyRequestSchema, { keyId: ofAdmin.id }), context),
      ])
        await expect(call()).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await verify(ofAdmin.key)).toMatchObject({ valid: true });
  });

  test('pages give every key once, newest first, and a token of another list is refused', async () => {
    const tenantId = await addTenant(auth.database);
    const context = callByKey(tenantId, ['keys:write', 'keys:read', 'data:read']);
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.push((await makeBy(context)).id ?? '');
    const seen: string[] = [];
    for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
      const page = await list(context, { pageSize: 3, pageToken });
      seen.push(...(page.keys ?? []).map(({ id }) => id ?? ''));
      pageToken = page.nextPageToken === '' ? undefined : page.nextPageToken;
    }
    expect(seen).toEqual(made.reverse());
    const { nextPageToken = '' } = await list(context, { pageSize: 3 });
    for (const other of [
      () => list(context, { pageToken: nextPageToken, state: 'active' }),
      () => list(callOfMember(owner), { pageToken: nextPageToken }),
      () => list(context, { pageToken: `${nextPageToken}A` }),
    ])
      await expect(other()).rejects.toMatchObject({ code: 'page_token_invalid' });
    await expect(list(context, { state: 'paused' })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('nobody who left the tenant, whatever their token still says', async () => {
    const gone = await addMember(auth.database, 'admin', owner.tenantId);
    await auth.database.transaction(owner.tenantId, (tx) =>
      tx.deleteFrom('memberships').where('user_id', '=', gone.userId).execute(),
    );
    for (const call of [() => make(gone), () => list(callOfMember(gone))])
      await expect(call()).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

test('the scopes of a role are enough for the keys that its members make', async () => {
  for (const member of [developer, admin, owner])
    expect((await make(member, { scopes: [...roleScopes[member.role]] })).scopes).toEqual([...roleScopes[member.role]]);
});
