import { databaseOf } from '../connection-url.ts';
import { codeOf, refusal } from '../refusal.ts';
import { roleOf } from '../roles/service-roles.ts';
import { type AdminClient, inTransaction } from '../with-client.ts';
import type { AppliedMigration } from './compare-ledger.ts';

/** What the ledger of a schema says; empty where there is none yet. Leaves the connection as its login. */
export async function readLedger(client: AdminClient, schema: string): Promise<AppliedMigration[]> {
  if (!(await hasLedger(client, schema))) return [];
  return inTransaction(client, async () => {
    await client.query(`SET LOCAL ROLE ${roleOf(schema, 'app')}`);
    const { rows } = await client.query<AppliedMigration>(
      `SELECT name, sha256 FROM ${schema}.migrations ORDER BY name`,
    );
    return rows;
  });
}

/** Makes the schema, as its owner's, and its ledger, unless they are there. Needs the roles. */
export async function ensureLedger(client: AdminClient, url: string, schema: string): Promise<void> {
  if (await hasLedger(client, schema)) return;
  const [owner, lookup] = [roleOf(schema, 'owner'), roleOf(schema, 'lookup')];
  const others = (['app', 'ingest', 'worker', 'lookup'] as const).map((kind) => roleOf(schema, kind)).join(', ');
  try {
    await inTransaction(client, async () => {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner}`);
      // PostgreSQL lets everybody execute a new function; here nobody may until a migration says so.
      await client.query(`SET LOCAL ROLE ${lookup}; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`);
      await client.query(`SET LOCAL ROLE ${owner}; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`);
      await client.query(`
        GRANT USAGE ON SCHEMA ${schema} TO ${others};
        CREATE TABLE ${schema}.migrations (
          name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
        GRANT SELECT ON ${schema}.migrations TO ${roleOf(schema, 'app')}`);
    });
  } catch (error) {
    if (codeOf(error) !== '42501') throw error;
    const database = databaseOf(url);
    const { rows } = await client.query<{ grant: string }>(
      `SELECT format('GRANT CREATE ON DATABASE %I TO %I', $1::text, session_user) AS grant`,
      [database],
    );
    throw refusal(
      `The login role may not make schema ${schema}; let an administrator run:\n  ${rows[0]?.grant ?? ''};`,
      error,
    );
  }
}

/** Asked of the catalogue, which anybody may read, so that a missing schema or right is an answer and not an error. */
async function hasLedger(client: AdminClient, schema: string): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1 AND relname = 'migrations'`,
    [schema],
  );
  return rows.length > 0;
}
