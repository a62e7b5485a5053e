import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, sql, type Database } from '@universal-api/database';
import { checkTenantTables, type TestDatabase } from '@universal-api/database/testing';
import { defaultTenantId, newId, systemTenantId } from '@universal-api/ids';
import { addKey, addTenant, createAuthDatabase, pepperText, ringOf, type HeldKey } from '../../test/auth-fixture.ts';
import { createRecordAudit } from '../audit/record-audit.ts';
import { createApiKeyStore } from './api-key-store.ts';
import type { AuthTables } from './auth-tables.ts';
import { createInstallationStore } from './installation-store.ts';

const peppers = ringOf(pepperText(1));
let server: TestDatabase;
let database: Database<AuthTables>;
/** One connection only, so that whatever a call leaves behind is there for the next. */
let reused: Database<AuthTables>;
let keyOfA: HeldKey;
let keyOfB: HeldKey;

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  reused = openDatabase<AuthTables>({ url: server.url, role: 'auth_app', poolSize: 1 });
  keyOfA = await addKey(database, peppers, { tenantId: await addTenant(database) });
  keyOfB = await addKey(database, peppers, { tenantId: await addTenant(database) });
  for (const { tenantId, keyId } of [keyOfA, keyOfB])
    await database.transaction(tenantId, (tx) =>
      createRecordAudit()(tx, {
        tenantId,
        actor: keyId,
        actorKind: 'key',
        action: 'auth.key.created',
        object: keyId,
        outcome: 'ok',
      }),
    );
}, 60_000);
afterAll(async () => {
  await reused?.close();
  await server?.drop();
});

type Work<Result> = Parameters<Database<AuthTables>['instance']>[0] extends (tx: infer Tx) => unknown
  ? (tx: Tx) => Promise<Result>
  : never;
type Scope = <Result>(work: Work<Result>) => Promise<Result>;

const asTenantA: Scope = (work) => reused.transaction(keyOfA.tenantId, work);
const asNobody: Scope = (work) => reused.instance(work);
/** A connection that has just served tenant B. */
const afterTenantB =
  (scope: Scope): Scope =>
  async (work) => {
    const seen = await reused.transaction(keyOfB.tenantId, (tx) =>
      tx.selectFrom('api_keys').select('key_id').execute(),
    );
    expect(seen).toEqual([{ key_id: keyOfB.keyId }]);
    return scope(work);
  };

/** Each has a row of tenant A and one of tenant B. */
const tables = ['tenants', 'api_keys', 'audit', 'audit_head', 'audit_actors'] as const;
/** Guarded like them; what is in them is looked at where it is written. */
const furtherTables: readonly string[] = [
  'idempotency',
  'users',
  'memberships',
  'credentials',
  'one_time_tokens',
  'mail_outbox',
  'sessions',
  'refresh_tokens',
  'mfa_tokens',
  'invitations',
  'provider_keys',
  'limit_overrides',
  'limit_refusals',
  'limit_alerts',
  'quota_accounts',
  'quota_entries',
  'quota_leases',
];
const tenantsSeen = async (scope: Scope, table: (typeof tables)[number]) => {
  const rows = await scope((tx) => tx.selectFrom(table).select('tenant_id').execute());
  return [...new Set(rows.map(({ tenant_id }) => tenant_id))];
};
const insertTenant: Work<unknown> = (tx) =>
  tx
    .insertInto('tenants')
    .values({
      tenant_id: newId(),
      slug: `t${randomBytes(6).toString('hex')}`,
      name: 'x',
      plan: 'free',
      credential_pool: 'own',
    })
    .execute();
const insertKeyOfB: Work<unknown> = (tx) =>
  sql`INSERT INTO api_keys (tenant_id, key_id, id12, lineage_id, name, mode, mac, pepper_v, last4, scopes)
      VALUES (${keyOfB.tenantId}, ${newId()}, 'abcdefghijkl', ${newId()}, 'x', 'live', ${Buffer.alloc(32)}, 1, 'abcd', '{}')`.execute(
    tx,
  );
const keyRow = ({ tenantId, keyId }: HeldKey) =>
  database.transaction(tenantId, (tx) =>
    tx.selectFrom('api_keys').selectAll().where('key_id', '=', keyId).executeTakeFirstOrThrow(),
  );

test('every table with a tenant is guarded as the catalogue check demands', async () => {
  expect(await checkTenantTables(server.adminUrl)).toEqual([]);
  const { rows } = await database.instance((tx) =>
    sql<{ name: string }>`SELECT relname AS name FROM pg_class WHERE relrowsecurity AND relforcerowsecurity
      AND relnamespace = 'auth'::regnamespace ORDER BY relname`.execute(tx),
  );
  expect(rows.map(({ name }) => name)).toEqual([...tables, ...furtherTables].sort());
});

test('the reserved tenants are there from the first migration', async () => {
  for (const [tenantId, slug] of [
    [systemTenantId, 'sys'],
    [defaultTenantId, 'default'],
  ] as const) {
    const rows = await database.transaction(tenantId, (tx) => tx.selectFrom('tenants').select('slug').execute());
    expect(rows).toEqual([{ slug }]);
  }
});

describe.each([
  ['tenant A', () => asTenantA, true],
  ['nobody', () => asNobody, false],
  ['tenant A, on a connection that has served tenant B', () => afterTenantB(asTenantA), true],
  ['nobody, on a connection that has served tenant B', () => afterTenantB(asNobody), false],
] as const)('as %s', (_name, scopeOf, isTenantA) => {
  test.each(tables)('%s shows no row of anybody else', async (table) => {
    expect(await tenantsSeen(scopeOf(), table)).toEqual(isTenantA ? [keyOfA.tenantId] : []);
  });

  test('a row for somebody else is refused', async () => {
    await expect(scopeOf()(insertTenant)).rejects.toThrow(/row-level security/);
    await expect(scopeOf()(insertKeyOfB)).rejects.toThrow(/row-level security/);
  });

  test('an UPDATE of everything leaves the rows of tenant B as they are', async () => {
    const before = await keyRow(keyOfB);
    await scopeOf()((tx) => tx.updateTable('api_keys').set({ name: 'taken' }).execute());
    await scopeOf()((tx) => tx.updateTable('tenants').set({ name: 'taken' }).execute());
    expect(await keyRow(keyOfB)).toEqual(before);
    if (isTenantA) expect((await keyRow(keyOfA)).name).toBe('taken');
  });

  test('a row cannot be handed to somebody else, nor be deleted', async () => {
    const hand = scopeOf()((tx) => tx.updateTable('api_keys').set({ tenant_id: keyOfB.tenantId }).execute());
    if (isTenantA) await expect(hand).rejects.toThrow(/row-level security/);
    else expect((await hand)[0]?.numUpdatedRows).toBe(0n);
    await expect(scopeOf()((tx) => tx.deleteFrom('api_keys').execute())).rejects.toThrow(/permission denied/);
  });
});

describe('each method of a store', () => {
  test('ApiKeyStore.changeMac changes no key of another tenant', async () => {
    const before = await keyRow(keyOfB);
    const from = { mac: before.mac, version: before.pepper_v };
    const to = { mac: Buffer.alloc(32, 7), version: 9 };
    const store = createApiKeyStore(reused);
    await store.changeMac({ tenantId: keyOfA.tenantId, keyId: keyOfB.keyId, from, to });
    expect(await keyRow(keyOfB)).toEqual(before);
    await store.changeMac({ tenantId: keyOfB.tenantId, keyId: keyOfB.keyId, from, to });
    expect((await keyRow(keyOfB)).pepper_v).toBe(9);
  });

  test('ApiKeyStore.find gives the one key asked for, and nothing for a pattern', async () => {
    const store = createApiKeyStore(reused);
    expect(await store.find(keyOfB.id12)).toMatchObject({ key_id: keyOfB.keyId, tenant_id: keyOfB.tenantId });
    for (const other of ['', '%', '____________', `${keyOfB.id12}%`]) expect(await store.find(other)).toBeUndefined();
  });

  test('InstallationStore knows tenant `default` alone', async () => {
    const store = createInstallationStore(database);
    for (const key of [keyOfA, keyOfB])
      await database.transaction(key.tenantId, (tx) => tx.updateTable('api_keys').set({ shown: true }).execute());
    expect(await store.read()).toEqual({ isSeen: false });
    expect(await store.markShown(keyOfB.keyId)).toBe(false);
    const before = await keyRow(keyOfB);
    const row = { keyId: newId(), id12: 'ABCDEFGHIJKL', lineageId: newId(), mac: Buffer.alloc(32), pepperVersion: 1 };
    await store.make({ ...row, last4: '0000', scopes: [] });
    expect(await keyRow(keyOfB)).toEqual(before);
    expect(await tenantsSeen((work) => database.transaction(defaultTenantId, work), 'api_keys')).toEqual([
      defaultTenantId,
    ]);
  });
});
