import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { countConnections } from './connection-budget.ts';
import { type Database, openDatabase, sql } from './index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';
import { withClient } from './with-client.ts';

interface Tables {
  notes: { tenant_id: string; id: number; body: string; cost_nano_usd?: bigint; created_at?: Date };
}

const tenantA = '0190a000-0000-7000-8000-00000000000a';
const tenantB = '0190b000-0000-7000-8000-00000000000b';
const notes = { schema: 'notes', migrations: new URL('../test/fixtures/notes/', import.meta.url) };

let testDatabase: TestDatabase;
let single: Database<Tables>;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ schemas: [notes] });
  // One connection, so that each call meets what the one before left on it.
  single = openDatabase<Tables>({ url: testDatabase.url, role: 'notes_app', poolSize: 1 });
  await single.transaction(tenantB, (tx) =>
    tx.insertInto('notes').values({ tenant_id: tenantB, id: 1, body: 'of B' }).execute(),
  );
}, 20_000);

afterAll(async () => {
  await single.close();
  await testDatabase.drop();
});

const codeOfFailure = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error: unknown) => (AppError.is(error) ? error.code : String(error)),
  );

describe('tenants', () => {
  test.each(['first', 'reused'])(
    'with tenant A, on a %s connection, B is not there and cannot be written',
    async () => {
      await single.transaction(tenantA, async (tx) => {
        expect(await tx.selectFrom('notes').selectAll().execute()).toEqual([]);
        expect((await tx.updateTable('notes').set({ body: 'x' }).executeTakeFirst()).numUpdatedRows).toBe(0n);
        expect((await tx.deleteFrom('notes').executeTakeFirst()).numDeletedRows).toBe(0n);
      });
      const steal = single.transaction(tenantA, (tx) =>
        tx.insertInto('notes').values({ tenant_id: tenantB, id: 2, body: 'forged' }).execute(),
      );
      await expect(steal).rejects.toThrow(/row-level security/);
    },
  );

  test('without tenant nothing is there and nothing can be written, also right after a transaction of B', async () => {
    await single.transaction(tenantB, async (tx) =>
      expect(await tx.selectFrom('notes').selectAll().execute()).toHaveLength(1),
    );
    expect(await single.instance((tx) => tx.selectFrom('notes').selectAll().execute())).toEqual([]);
    const write = single.instance((tx) =>
      tx.insertInto('notes').values({ tenant_id: tenantB, id: 3, body: 'x' }).execute(),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  test('a pool that forgot its role reads nothing at all', async () => {
    await withClient(testDatabase.url, async (client) => {
      await client.query(`SELECT set_config('app.tenant_id', $1, false)`, [tenantB]);
      await expect(client.query('SELECT FROM notes.notes')).rejects.toThrow(/permission denied/);
    });
  });

  test('a URL with settings of its own does not take the role away', async () => {
    const url = new URL(testDatabase.url);
    url.searchParams.set('options', '-c role=notes_owner -c work_mem=5MB');
    const database = openDatabase<Tables>({ url: url.href, role: 'notes_app' });
    const who = await database.instance(async (tx) => {
      const { rows } = await sql<{ me: string; path: string; mem: string }>`
        SELECT current_user::text AS me, current_setting('search_path') AS path, current_setting('work_mem') AS mem`.execute(
        tx,
      );
      return rows[0];
    });
    expect(who).toEqual({ me: 'notes_app', path: 'notes,public', mem: '5MB' });
    await database.close();
  });

  test('the tenant of a row is found by the look-up function, and by nothing else', async () => {
    const found = await single.instance((tx) => sql<{ t: string }>`SELECT find_tenant('of B') AS t`.execute(tx));
    expect(found.rows).toEqual([{ t: tenantB }]);
  });

  test('what is not a UUID never reaches the database', async () => {
    expect(await codeOfFailure(single.transaction(`' OR true --`, async () => 1))).toBe('internal');
  });
});

describe('values and errors', () => {
  test('bigint comes as bigint, a time as a Date', async () => {
    const row = await single.transaction(tenantB, (tx) => tx.selectFrom('notes').selectAll().executeTakeFirstOrThrow());
    expect(row).toMatchObject({ cost_nano_usd: 0n, created_at: expect.any(Date) });
  });

  test('an error rolls everything back and comes out as it is', async () => {
    const work = single.transaction(tenantA, async (tx) => {
      await tx.insertInto('notes').values({ tenant_id: tenantA, id: 1, body: 'gone' }).execute();
      throw new AppError('conflict');
    });
    expect(await codeOfFailure(work)).toBe('conflict');
    expect(await single.transaction(tenantA, (tx) => tx.selectFrom('notes').selectAll().execute())).toEqual([]);
  });
});

describe('PostgreSQL away', () => {
  test('nobody listens: service_unavailable, from every call', async () => {
    const database = openDatabase<Tables>({ url: 'postgresql://uapi:x@127.0.0.1:1/uapi', role: 'notes_app' });
    expect(await codeOfFailure(database.ping())).toBe('service_unavailable');
    expect(await codeOfFailure(database.transaction(tenantA, async () => 1))).toBe('service_unavailable');
    expect(await codeOfFailure(database.instance(async () => 1))).toBe('service_unavailable');
    await database.close();
  });

  test('a connection cut in use or at rest costs that call alone', async () => {
    const cut = () =>
      withClient(testDatabase.adminUrl, (client) =>
        client.query(
          `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'notes_app' AND datname = current_database()`,
        ),
      );
    const work = single.transaction(tenantB, async (tx) => {
      await cut();
      return tx.selectFrom('notes').selectAll().execute();
    });
    expect(await codeOfFailure(work)).toBe('service_unavailable');
    expect(await single.transaction(tenantB, (tx) => tx.selectFrom('notes').selectAll().execute())).toHaveLength(1);
    await cut();
    expect(await codeOfFailure(single.ping())).toMatch(/^(none|service_unavailable)$/);
    await expect(single.ping()).resolves.toBeUndefined();
  });
});

describe('connections', () => {
  test('a pool takes no more than its size, and gives all back', async () => {
    const pool = openDatabase<Tables>({
      url: testDatabase.url,
      role: 'notes_app',
      poolSize: 3,
      applicationName: 'counted',
    });
    const counted = () =>
      withClient(testDatabase.url, async (client) => {
        const { rows } = await client.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'counted' AND datname = current_database()`,
        );
        return rows[0]?.n;
      });
    await Promise.all(Array.from({ length: 20 }, () => pool.ping()));
    expect(await counted()).toBe(3);
    expect(await countConnections(testDatabase.url)).toBeGreaterThanOrEqual(3);
    await pool.close();
    expect(await counted()).toBe(0);
  });
});
