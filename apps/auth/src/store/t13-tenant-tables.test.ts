import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, sql, withClient, type AdminClient, type Database } from '@universal-api/database';
import { checkTenantTables, createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { eventsMigrations } from '@universal-api/events';
import { newId } from '@universal-api/ids';
import { authMigrations } from './auth-migrations.ts';

/** Tables with a `tenant_id` of the auth service and of the event log: whichever there are, each with a row of tenant B. */
interface TenantTable {
  readonly schema: string;
  readonly name: string;
}

const [tenantA, tenantB] = [newId(), newId()];
let server: TestDatabase;
let tables: readonly TenantTable[];
/** By schema: a pool of one connection, so that whatever a call leaves behind is there for the next. */
const pools = new Map<string, Database<unknown>>();

beforeAll(async () => {
  server = await createTestDatabase({ schemas: [authMigrations, eventsMigrations] });
  tables = await withClient(server.adminUrl, async (client) => {
    const found = await listTenantTables(client);
    // All of them first: a row of one may hang on a row of another.
    for (const table of found) await loosen(client, table);
    for (const table of found) await addRow(client, table);
    return found;
  });
  for (const schema of new Set(tables.map((table) => table.schema)))
    pools.set(schema, openDatabase({ url: server.url, role: `${schema}_app`, poolSize: 1 }));
}, 60_000);
afterAll(async () => {
  for (const pool of pools.values()) await pool.close();
  await server?.drop();
});

async function listTenantTables(client: AdminClient): Promise<TenantTable[]> {
  const { rows } = await client.query<TenantTable>(`
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('auth', 'events') ORDER BY 1, 2`);
  return rows;
}

/** Takes from a table what a row must be like, and nothing of who may see it. */
async function loosen(client: AdminClient, { schema, name }: TenantTable): Promise<void> {
  const { rows: constraints } = await client.query<{ conname: string }>(
    `SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('c', 'f') AND conparentid = 0`,
    [`${schema}.${name}`],
  );
  for (const { conname } of constraints)
    await client.query(`ALTER TABLE ${schema}.${name} DROP CONSTRAINT "${conname}"`);
}

const sample = `CASE regexp_replace(format_type(a.atttypid, NULL), '.*\\[\\]$', 'list')
  WHEN 'list' THEN '''{}''' WHEN 'uuid' THEN 'gen_random_uuid()' WHEN 'date' THEN 'current_date' WHEN 'bytea' THEN '''\\x00''' WHEN 'jsonb' THEN '''{}'''
  WHEN 'xid8' THEN '''1''' WHEN 'boolean' THEN 'false' WHEN 'timestamp with time zone' THEN 'now()'
  WHEN 'text' THEN 'left(md5(random()::text), 12)' ELSE '''1''' END`;

async function addRow(client: AdminClient, { schema, name }: TenantTable): Promise<void> {
  const { rows } = await client.query<{ column: string; value: string }>(
    `SELECT quote_ident(a.attname) AS column, ${sample} AS value FROM pg_attribute a
     WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
       AND a.attnotnull AND a.attname <> 'tenant_id'`,
    [`${schema}.${name}`],
  );
  const columns = ['tenant_id', ...rows.map(({ column }) => column)];
  const values = [`'${tenantB}'`, ...rows.map(({ value }) => value)];
  await client.query(`INSERT INTO ${schema}.${name} (${columns.join(', ')}) VALUES (${values.join(', ')})`);
}

const poolOf = ({ schema }: TenantTable) => {
  const pool = pools.get(schema);
  if (pool === undefined) throw new Error(`no pool for ${schema}`);
  return pool;
};
type Scope = 'without a tenant' | 'as tenant A' | 'as tenant B';
function run(table: TenantTable, scope: Scope, statement: ReturnType<typeof sql>): Promise<readonly unknown[]> {
  const pool = poolOf(table);
  const work = async (tx: Parameters<Parameters<typeof pool.instance>[0]>[0]) => (await statement.execute(tx)).rows;
  return scope === 'without a tenant'
    ? pool.instance(work)
    : pool.transaction(scope === 'as tenant A' ? tenantA : tenantB, work);
}
const nameOf = ({ schema, name }: TenantTable) => `${schema}.${name}`;
const foreignRows = (table: TenantTable) =>
  sql`SELECT tenant_id FROM ${sql.table(nameOf(table))} WHERE tenant_id = ${tenantB} LIMIT 5`;
/** A role that may not read a table at all sees even less. */
const isDenied = (error: unknown) => /permission denied for table/.test(String(error));

test('T13 there are such tables, guarded on 100 %, and each has a row of tenant B', async () => {
  expect(tables.map(nameOf)).toEqual(
    expect.arrayContaining(['auth.tenants', 'auth.api_keys', 'auth.audit', 'events.log']),
  );
  expect(await checkTenantTables(server.adminUrl)).toEqual([]);
  await withClient(server.adminUrl, async (client) => {
    for (const table of tables) {
      const { rows } = await client.query(`SELECT FROM ${nameOf(table)} WHERE tenant_id = $1 LIMIT 1`, [tenantB]);
      expect([nameOf(table), rows.length]).toEqual([nameOf(table), 1]);
    }
  });
});

test('T13 no role of the product goes around row-level security', async () => {
  await withClient(server.adminUrl, async (client) => {
    const { rows } = await client.query(`
      SELECT rolname FROM pg_roles WHERE (rolbypassrls OR rolsuper) AND rolname ~ '^(auth|events|uapi)'`);
    expect(rows).toEqual([]);
  });
});

test('T13 tenant B sees its own row wherever the role may read: the rows that nobody else sees are there to be seen', async () => {
  const seen: string[] = [];
  for (const table of tables) {
    const rows = await run(table, 'as tenant B', foreignRows(table)).catch((error: unknown) => {
      if (!isDenied(error)) throw error;
      return undefined;
    });
    if (rows !== undefined) {
      expect([nameOf(table), rows.length]).toEqual([nameOf(table), 1]);
      seen.push(nameOf(table));
    }
  }
  expect(seen).toEqual(
    expect.arrayContaining(['auth.tenants', 'auth.api_keys', 'auth.memberships', 'auth.provider_keys']),
  );
});

describe.each(['without a tenant', 'as tenant A'] as const)('T13 %s', (scope) => {
  test.each(['at once', 'on a connection that has just served tenant B'])('SELECT gives 0 rows, %s', async (when) => {
    for (const table of tables) {
      if (when !== 'at once') await run(table, 'as tenant B', sql`SELECT 1`);
      const rows = await run(table, scope, foreignRows(table)).catch((error: unknown) => {
        if (!isDenied(error)) throw error;
        return [];
      });
      expect([nameOf(table), rows]).toEqual([nameOf(table), []]);
    }
  });

  test.each(['at once', 'on a connection that has just served tenant B'])(
    'INSERT for tenant B is an error, %s',
    async (when) => {
      for (const table of tables) {
        if (when !== 'at once') await run(table, 'as tenant B', sql`SELECT 1`);
        const insert = run(table, scope, sql`INSERT INTO ${sql.table(nameOf(table))} (tenant_id) VALUES (${tenantB})`);
        await expect(insert.then(() => `${nameOf(table)} took a row`)).rejects.toThrow(
          /row-level security|permission denied|no partition/,
        );
      }
    },
  );
});
