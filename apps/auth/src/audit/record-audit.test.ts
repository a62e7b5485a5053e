import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, sql, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { newId, systemTenantId } from '@universal-api/ids';
import { addTenant, createAuthDatabase } from '../../test/auth-fixture.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { AuditEntry } from './audit-entry.ts';
import { hashRow, noHash } from './audit-hash.ts';
import { createRecordAudit } from './record-audit.ts';

let server: TestDatabase;
let database: Database<AuthTables>;
let worker: Database<AuthTables>;
const record = createRecordAudit();

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  worker = server.database<AuthTables>('auth_worker');
}, 60_000);
afterAll(() => server.drop());

const entryOf = (tenantId: string, change: Partial<AuditEntry> = {}): AuditEntry => ({
  tenantId,
  actor: newId(),
  actorKind: 'user',
  action: 'auth.key.created',
  object: 'key_x',
  outcome: 'ok',
  ...change,
});
const rowsOf = (tenantId: string) =>
  database.transaction(tenantId, (tx) => tx.selectFrom('audit').selectAll().orderBy('seq').execute());

describe('a chain', () => {
  test('is what an outsider computes from its rows', async () => {
    const tenantId = await addTenant(database);
    const actor = newId();
    const diffs: Record<string, string>[] = [{ b: '2', a: 'ü€' }, {}];
    for (const diff of diffs) {
      await database.transaction(tenantId, (tx) =>
        record(tx, entryOf(tenantId, { actor, diff, address: '198.51.100.7', requestId: 'req', reason: 'asked' })),
      );
    }
    const [first, second] = await rowsOf(tenantId);
    if (!first || !second) throw new Error('two rows were expected');
    expect([first.seq, second.seq]).toEqual([1n, 2n]);
    expect(first.prev_hash.toString('hex')).toBe(noHash);
    expect(second.prev_hash).toEqual(first.hash);
    expect(second.actor).toBe(first.actor);
    expect(first.actor).not.toContain(actor);
    expect(first).toMatchObject({ ip_prefix: '198.51.100.0/24', diff: { a: 'ü€', b: '2' } });
    const { hash, ...rest } = second;
    const texts = { seq: '2', at: second.at.toISOString(), prev_hash: second.prev_hash.toString('hex') };
    expect(hashRow({ ...rest, ...texts })).toBe(hash.toString('hex'));
  });

  test('50 at once leave numbers without gaps, each row on the one before', async () => {
    const tenantId = await addTenant(database);
    const many = openDatabase<AuthTables>({ url: server.url, role: 'auth_app', poolSize: 20 });
    try {
      await Promise.all(
        Array.from({ length: 50 }, () => many.transaction(tenantId, (tx) => record(tx, entryOf(tenantId)))),
      );
    } finally {
      await many.close();
    }
    const rows = await rowsOf(tenantId);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, index) => BigInt(index + 1)));
    rows.slice(1).forEach((row, index) => expect(row.prev_hash).toEqual(rows[index]?.hash));
    expect(rows.map(({ at }) => at.getTime())).toEqual(rows.map(({ at }) => at.getTime()).toSorted((a, b) => a - b));
  });

  test('the same actor at once gets one pseudonym, another one in another tenant', async () => {
    const [a, b] = [await addTenant(database), await addTenant(database)];
    const actor = newId();
    await Promise.all(
      [a, a, a, a, b].map((tenantId) =>
        database.transaction(tenantId, (tx) => record(tx, entryOf(tenantId, { actor }))),
      ),
    );
    const [ofA, ofB] = [await rowsOf(a), await rowsOf(b)];
    expect(new Set(ofA.map((row) => row.actor)).size).toBe(1);
    expect(ofB[0]?.actor).not.toBe(ofA[0]?.actor);
  });

  test('a change that is rolled back leaves no row and no gap', async () => {
    const tenantId = await addTenant(database);
    const failing = database.transaction(tenantId, async (tx) => {
      await record(tx, entryOf(tenantId));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await database.transaction(tenantId, (tx) => record(tx, entryOf(tenantId)));
    expect((await rowsOf(tenantId)).map(({ seq }) => seq)).toEqual([1n]);
  });

  test('texts that neither PostgreSQL nor RFC 8785 take are cleaned, over-long ones cut', async () => {
    const tenantId = await addTenant(database);
    const object = `a\0b\ud800${'x'.repeat(300)}`;
    await database.transaction(tenantId, (tx) => record(tx, entryOf(tenantId, { object, diff: { ['\udc00']: '\0' } })));
    const [row] = await rowsOf(tenantId);
    expect(row?.object).toBe(`ab\ufffd${'x'.repeat(196)}`);
    expect(row?.diff).toEqual({ '\ufffd': '' });
  });
});

describe('whoever records', () => {
  test('acts afterwards for the tenant it acted for before, or for none', async () => {
    const [own, other] = [await addTenant(database), await addTenant(database)];
    const setting = async (tx: Parameters<Parameters<typeof database.instance>[0]>[0]) => {
      await record(tx, entryOf(other));
      await record(tx, entryOf(systemTenantId));
      const { rows } = await sql<{ now: string }>`SELECT current_setting('app.tenant_id', true) AS now`.execute(tx);
      return rows[0]?.now;
    };
    expect(await database.transaction(own, setting)).toBe(own);
    expect(await database.instance(setting)).toBe('');
    expect(await database.asUser(newId(), setting)).toBe('');
    expect(await rowsOf(other)).toHaveLength(3);
  });

  test('may be a worker', async () => {
    const tenantId = await addTenant(database);
    await worker.instance((tx) => record(tx, entryOf(tenantId, { actor: 'cli:root', actorKind: 'cli' })));
    expect(await rowsOf(tenantId)).toHaveLength(1);
  });
});

describe('what is written', () => {
  test.each(["UPDATE audit SET reason = 'x'", 'DELETE FROM audit', 'TRUNCATE audit'])('%s is refused', async (text) => {
    for (const role of ['auth_app', 'auth_worker', 'auth_ingest', 'auth_owner']) {
      const pool = openDatabase<AuthTables>({ url: server.url, role, poolSize: 1 });
      try {
        await expect(pool.transaction(systemTenantId, (tx) => sql.raw(text).execute(tx))).rejects.toThrow(
          role === 'auth_owner' ? /only ever appended/ : /permission denied/,
        );
      } finally {
        await pool.close();
      }
    }
  });
});
