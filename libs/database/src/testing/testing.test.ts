import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findProcesses } from '../embedded/processes/find-processes.ts';
import { waitUntil } from '../embedded/wait-until.ts';
import { sql } from '../index.ts';
import { withClient } from '../with-client.ts';
import { checkTenantTables, createTestDatabase, startTestCluster, type TestCluster } from './index.ts';

const fixture = (schema: string) => ({
  schema,
  migrations: new URL(`../../test/fixtures/${schema}/`, import.meta.url),
});
const tenant = '0190a000-0000-7000-8000-00000000000a';

let cluster: TestCluster;
const outer = process.env['UAPI_TEST_POSTGRES'];

beforeAll(async () => {
  cluster = await startTestCluster();
  process.env['UAPI_TEST_POSTGRES'] = cluster.environment;
}, 20_000);

afterAll(async () => {
  await cluster.stop();
  if (outer === undefined) delete process.env['UAPI_TEST_POSTGRES'];
  else process.env['UAPI_TEST_POSTGRES'] = outer;
});

describe('a database per test file', () => {
  test('clones of one template share the tables and not the rows', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => createTestDatabase({ schemas: [fixture('notes')] })));
    if (!first || !second) throw new Error('no databases');
    const count = (database: typeof first) =>
      database.database('notes_app').transaction(tenant, async (tx) => {
        const { rows } = await sql<{ n: bigint }>`SELECT count(*) AS n FROM notes`.execute(tx);
        return rows[0]?.n;
      });
    await first.database('notes_app').transaction(tenant, async (tx) => {
      await sql`INSERT INTO notes (tenant_id, id, body) VALUES (${tenant}, 1, 'mine')`.execute(tx);
    });
    expect([await count(first), await count(second)]).toEqual([1n, 0n]);
    await Promise.all([first.drop(), second.drop()]);
  });

  test('commits are waited for, as in the product', async () => {
    const database = await createTestDatabase({ schemas: [fixture('notes')] });
    const { rows } = await database
      .database('notes_app')
      .instance((tx) => sql<{ mode: string }>`SELECT current_setting('synchronous_commit') AS mode`.execute(tx));
    expect(rows).toEqual([{ mode: 'on' }]);
    await database.drop();
  });

  test('without a cluster it brings its own and takes it away', async () => {
    delete process.env['UAPI_TEST_POSTGRES'];
    const database = await createTestDatabase({ schemas: [fixture('notes')] }).finally(() => {
      process.env['UAPI_TEST_POSTGRES'] = cluster.environment;
    });
    const sockets = new URL(database.url).searchParams.get('host') ?? '';
    expect(sockets).not.toBe(new URL(cluster.environment).searchParams.get('host'));
    await database.database('notes_app').ping();
    await database.drop();
    expect(existsSync(sockets)).toBe(false);
  }, 20_000);
});

describe('a killed run', () => {
  test('takes its cluster with it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'uapi-k-'));
    const file = fileURLToPath(new URL('../../test/cluster-host.ts', import.meta.url));
    const host = spawn(process.execPath, [file], { env: { TMPDIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] });
    const [environment] = await once(createInterface(host.stdout), 'line');
    const home = join(new URL(String(environment)).searchParams.get('host') ?? '', '..');
    expect(findProcesses(home).ofServer.length).toBeGreaterThan(0);
    host.kill('SIGKILL');
    expect(await waitUntil(() => findProcesses(home).ofServer.length === 0, 10_000)).toBe(true);
    rmSync(folder, { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  }, 20_000);
});

describe('catalogue', () => {
  test('guarded tables give no complaint', async () => {
    const database = await createTestDatabase({ schemas: [fixture('notes')] });
    expect(await checkTenantTables(database.url)).toEqual([]);
    await database.drop();
  });

  test('every way to forget a guard is found', async () => {
    const database = await createTestDatabase({ schemas: [fixture('unguarded')] });
    expect(await checkTenantTables(database.url)).toEqual([
      'unguarded.by_day: tenant_id is not the first column of the primary key',
      'unguarded.not_forced: tenant_id is not the first column of the primary key',
      'unguarded.not_forced: row-level security is not forced',
      'unguarded.open: row-level security is not enabled',
      'unguarded.not_forced: no policy for unguarded_app with USING and WITH CHECK on the tenant',
      'unguarded.open: no policy for unguarded_app with USING and WITH CHECK on the tenant',
      'unguarded.not_forced: policy own_tenant lets the app role reach other tenants',
      'unguarded.widened: policy everybody lets the app role reach other tenants',
      'unguarded.as_caller(): a look-up that is not SECURITY DEFINER',
      'unguarded.as_owner(): SECURITY DEFINER, but not owned by the lookup role',
      'unguarded.no_path(): no fixed search_path',
      'unguarded.as_owner(): may be executed by PUBLIC',
      'unguarded.parted_rest: a partition with grants of its own',
    ]);
    await database.drop();
  });

  test('rights in events may be inherited, by a role of the same kind that cannot take the other; nothing else may', async () => {
    const database = await createTestDatabase({ schemas: [fixture('notes')] });
    await withClient(database.adminUrl, (client) =>
      client.query(`
        CREATE SCHEMA events; CREATE ROLE events_app NOLOGIN; CREATE ROLE events_ingest NOLOGIN;
        GRANT events_app TO notes_app WITH INHERIT TRUE, SET FALSE;
        GRANT events_ingest TO notes_ingest WITH INHERIT TRUE, SET FALSE`),
    );
    expect(await checkTenantTables(database.url)).toEqual([]);
    await withClient(database.adminUrl, (client) =>
      client.query(`
        GRANT events_ingest TO notes_app WITH INHERIT TRUE, SET FALSE;
        GRANT events_ingest TO notes_ingest WITH INHERIT TRUE, SET TRUE;
        GRANT notes_app TO notes_worker WITH INHERIT TRUE, SET FALSE;
        CREATE ROLE somebody_app LOGIN; GRANT events_app TO somebody_app WITH INHERIT TRUE, SET FALSE;
        CREATE ROLE elsewhere_app NOLOGIN; GRANT events_app TO elsewhere_app WITH INHERIT TRUE, SET FALSE`),
    );
    expect(await checkTenantTables(database.url)).toEqual([
      'notes_app inherits events_ingest',
      'notes_ingest inherits events_ingest',
      'notes_worker inherits notes_app',
      'somebody_app inherits events_app',
    ]);
    await database.drop();
  });
});
