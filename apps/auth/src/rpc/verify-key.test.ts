import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { newId } from '@universal-api/ids';
import { makeApiKey, platformScopes, type KeyRing } from '@universal-api/principal';
import { create } from '@universal-api/protos';
import { VerifyKeyRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import {
  addKey,
  addTenant,
  changeKey,
  countStatements,
  createAuthDatabase,
  pepperText,
  ringOf,
  spellKey,
  type HeldKey,
} from '../../test/auth-fixture.ts';
import { addMember } from '../../test/tenancy-fixture.ts';
import { createApiKeyStore } from '../store/api-key-store.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { verifyKey } from './verify-key.ts';

const first = pepperText(1);
const peppers = ringOf(first);
let server: TestDatabase;
let database: Database<AuthTables>;
let tenantId: string;

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  tenantId = await addTenant(database);
}, 60_000);
afterAll(() => server.drop());

const invalid = { valid: false };

/** Verifies a text under a ring; gives the answer and the statements that it took. */
async function verify(key: string | undefined, ring: KeyRing = peppers, clientIp?: string) {
  const counted = countStatements(database);
  const rpc = verifyKey({ keys: createApiKeyStore(counted), peppers: ring });
  const answer = await rpc(create(VerifyKeyRequestSchema, { key, clientIp }));
  return { answer, statements: counted.statements };
}

const readKey = ({ keyId }: HeldKey) =>
  database.transaction(tenantId, (tx) =>
    tx.selectFrom('api_keys').selectAll().where('key_id', '=', keyId).executeTakeFirstOrThrow(),
  );

describe('a live key', () => {
  test('answers its tenant, lineage, scopes, plan, mode and pool, for one SELECT', async () => {
    const key = await addKey(database, peppers, { tenantId, mode: 'test', scopes: ['data:read', 'mcp:use'] });
    expect(await verify(key.text)).toEqual({
      answer: {
        valid: true,
        tenantId,
        userId: '',
        lineageId: key.keyId,
        id12: key.id12,
        scopes: ['data:read', 'mcp:use'],
        plan: 'pro',
        mode: 'test',
        credentialPool: 'own',
        keyId: key.keyId,
        limits: {},
        ipAllow: [],
      },
      statements: ['RawNode'],
    });
  });

  test('holds no scope of the platform, whatever its row says', async () => {
    const key = await addKey(database, peppers, { tenantId, scopes: ['data:read', ...platformScopes, 'internal'] });
    expect((await verify(key.text)).answer).toMatchObject({ valid: true, scopes: ['data:read'] });
  });

  test('is stored without its secret', async () => {
    const key = await addKey(database, peppers, { tenantId });
    const { rows } = await database.transaction(tenantId, (tx) =>
      sql<{ row: string }>`SELECT k::text AS row FROM api_keys k WHERE key_id = ${key.keyId}`.execute(tx),
    );
    expect(rows[0]?.row).toContain(key.id12);
    for (const form of ['utf8', 'hex', 'base64'] as const)
      expect(rows[0]?.row).not.toContain(Buffer.from(key.secret32).toString(form));
  });
});

describe('a key of a person', () => {
  test('holds what the person holds now, and ends with their membership or account', async () => {
    const person = await addMember(database, 'owner', tenantId);
    const key = await addKey(database, peppers, { tenantId, scopes: ['data:read', 'chat:write', 'privacy:write'] });
    await changeKey(database, key, { owner: person.userId });
    const scopesNow = async () => (await verify(key.text)).answer.scopes;
    const asTenant = (work: (tx: Parameters<Parameters<typeof database.transaction>[1]>[0]) => Promise<unknown>) =>
      database.transaction(tenantId, work);
    const become = (role: 'viewer' | 'developer') =>
      asTenant((tx) => tx.updateTable('memberships').set({ role }).where('user_id', '=', person.userId).execute());
    expect((await verify(key.text)).answer).toMatchObject({ valid: true, userId: person.userId });
    expect(await scopesNow()).toEqual(['data:read', 'chat:write', 'privacy:write']);
    await become('developer');
    expect(await scopesNow()).toEqual(['data:read', 'chat:write']);
    await become('viewer');
    expect(await scopesNow()).toEqual(['data:read']);
    const turn = (status: 'disabled' | 'active') =>
      database.asUser(person.userId, (tx) => tx.updateTable('users').set({ status }).execute());
    await turn('disabled');
    expect((await verify(key.text)).answer).toEqual(invalid);
    await turn('active');
    expect((await verify(key.text)).answer.valid).toBe(true);
    await asTenant((tx) => tx.deleteFrom('memberships').where('user_id', '=', person.userId).execute());
    expect(await verify(key.text)).toEqual({ answer: invalid, statements: ['RawNode'] });
  });
});

describe('limits of a key', () => {
  test('are its own, else those of its tenant', async () => {
    const key = await addKey(database, peppers, { tenantId: await addTenant(database) });
    await database.transaction(key.tenantId, async (tx) => {
      for (const [policy, q] of [
        ['lookup-min', 7],
        ['tenant-min', 9],
      ] as const)
        await tx.insertInto('limit_overrides').values({ tenant_id: key.tenantId, policy, q }).execute();
    });
    await changeKey(database, key, { limits: JSON.stringify({ 'lookup-min': 3 }) });
    expect((await verify(key.text)).answer.limits).toEqual({ 'lookup-min': 3, 'tenant-min': 9 });
  });
});

test('a key that is bound to networks works from them alone', async () => {
  const key = await addKey(database, peppers, { tenantId });
  await changeKey(database, key, { ip_allow: '{192.0.2.0/24,2001:db8::/32}' });
  for (const inside of ['192.0.2.9', '::ffff:192.0.2.9', '2001:db8::9'])
    expect((await verify(key.text, peppers, inside)).answer.valid).toBe(true);
  for (const outside of ['192.0.3.9', '2001:db9::9', '', undefined])
    expect(await verify(key.text, peppers, outside)).toEqual({ answer: invalid, statements: ['RawNode'] });
});

describe('a key under an older pepper', () => {
  test('is put under the current one at its next use, and needs the old one no more', async () => {
    const key = await addKey(database, peppers, { tenantId });
    const second = pepperText(2);
    const used = await verify(key.text, ringOf(second, first));
    expect(used.answer).toMatchObject({ valid: true, id12: key.id12 });
    expect(used.statements).toEqual(['RawNode', 'UpdateQueryNode']);
    expect((await readKey(key)).pepper_v).toBe(2);
    expect(await verify(key.text, ringOf(second))).toMatchObject({ answer: { valid: true }, statements: ['RawNode'] });
  });

  test('is not touched by somebody who has its public part only', async () => {
    const key = await addKey(database, peppers, { tenantId });
    const stored = await readKey(key);
    const guess = spellKey('live', key.id12, 'x'.repeat(32));
    expect((await verify(guess, ringOf(pepperText(2), first))).answer).toEqual(invalid);
    expect(await readKey(key)).toEqual(stored);
  });

  test('is refused once that pepper is gone', async () => {
    const key = await addKey(database, peppers, { tenantId });
    expect((await verify(key.text, ringOf(pepperText(2)))).answer).toEqual(invalid);
  });
});

describe('nothing but `valid: false` is said', () => {
  test('of a text of wrong shape or checksum, for no statement', async () => {
    const { text } = await addKey(database, peppers, { tenantId });
    for (const wrong of ['', 'uapi_live_x', text.slice(1), text.replace('live', 'test'), `${text} `])
      expect(await verify(wrong)).toEqual({ answer: invalid, statements: [] });
  });

  test('of a well-formed unknown key, for exactly one SELECT', async () => {
    const { text } = makeApiKey('live', randomBytes);
    expect(await verify(text)).toEqual({ answer: invalid, statements: ['RawNode'] });
  });

  test('of a known public part with another secret or mode, for exactly one SELECT', async () => {
    const key = await addKey(database, peppers, { tenantId, mode: 'test' });
    for (const other of [spellKey('live', key.id12, key.secret32), spellKey('test', key.id12, 'x'.repeat(32))])
      expect(await verify(other)).toEqual({ answer: invalid, statements: ['RawNode'] });
    expect((await verify(spellKey('test', key.id12, key.secret32))).answer).toMatchObject({ valid: true });
  });

  const past = new Date(Date.now() - 60_000);
  test.each([
    ['revoked', { state: 'revoked' }],
    ['expired', { expires_at: past }],
    ['rotated and past its overlap', { state: 'rotated', overlap_until: past }],
    ['of somebody who is gone', { owner: newId() }],
    ['bound to addresses', { ip_allow: '{192.0.2.0/24}' }],
  ])('of a key that is %s, for exactly one SELECT and no UPDATE', async (_name, change) => {
    const key = await addKey(database, peppers, { tenantId });
    expect((await verify(key.text)).answer).toMatchObject({ valid: true });
    await changeKey(database, key, change);
    expect(await verify(key.text, ringOf(pepperText(2), first))).toEqual({ answer: invalid, statements: ['RawNode'] });
  });

  test('of a key whose tenant is suspended, until it is active again', async () => {
    const other = await addTenant(database, 'free');
    const key = await addKey(database, peppers, { tenantId: other });
    const setStatus = (status: 'active' | 'suspended') =>
      database.transaction(other, (tx) => tx.updateTable('tenants').set({ status }).execute());
    await setStatus('suspended');
    expect((await verify(key.text)).answer).toEqual(invalid);
    await setStatus('active');
    expect((await verify(key.text)).answer).toMatchObject({ valid: true, plan: 'free' });
  });
});

test('a request without a key is the caller’s mistake', async () => {
  await expect(verify(undefined)).rejects.toMatchObject({ code: 'invalid_request' });
});
