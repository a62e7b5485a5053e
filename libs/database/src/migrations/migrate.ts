import { underLock } from '../advisory-lock.ts';
import { codeOf, reasonOf, refusal } from '../refusal.ts';
import { ensureRoles } from '../roles/ensure-roles.ts';
import { roleOf } from '../roles/service-roles.ts';
import { type AdminClient, inTransaction, withClient } from '../with-client.ts';
import { compareLedger } from './compare-ledger.ts';
import { ensureLedger, readLedger } from './ledger.ts';
import { loadMigrations, type Migration, type MigrationSet } from './load-migrations.ts';

const lockTimeoutS = 3;

/**
 * Brings every schema to the newest of its migrations: roles, schema and ledger first, then each file in a transaction
 * of its own, as `<schema>_owner`, with `search_path` on the schema. Any number of processes may call it at once.
 * Gives back what it applied, as `schema/file`. A file may end in another role; the ledger is written as the owner.
 *
 * Errors: a refusal in one sentence when a file was changed after it was applied, when the database is newer than the
 * files, when a number comes before one already applied, when a table stays locked for 3 s, or when a file fails.
 */
export async function migrate(url: string, sets: readonly MigrationSet[]): Promise<string[]> {
  const loaded = await Promise.all(sets.map(async (set) => ({ ...set, files: await loadMigrations(set) })));
  for (const { schema } of loaded) await ensureRoles(url, schema);
  return withClient(url, (client) =>
    underLock(client, 'universal-api.migrations', async () => {
      const done: string[] = [];
      for (const { schema, files } of loaded) {
        await ensureLedger(client, url, schema);
        for (const file of await listPending(client, schema, files)) {
          await applyMigration(client, schema, file);
          done.push(`${schema}/${file.name}`);
        }
      }
      return done;
    }),
  );
}

async function listPending(client: AdminClient, schema: string, files: readonly Migration[]) {
  const applied = await readLedger(client, schema);
  const { pending, unknown } = compareLedger(schema, files, applied);
  const [newer] = unknown;
  if (newer !== undefined) {
    throw refusal(`The database is newer than this version: it has migration ${schema}/${newer}; start the newer one.`);
  }
  const [first] = pending;
  const last = applied.at(-1);
  if (first && last && first.name < last.name) {
    throw refusal(
      `Migration ${schema}/${first.name} comes before ${last.name}, which is applied already; give it the next number.`,
    );
  }
  return pending;
}

async function applyMigration(client: AdminClient, schema: string, file: Migration): Promise<void> {
  const owner = roleOf(schema, 'owner');
  try {
    await inTransaction(client, async () => {
      await client.query(
        `SET LOCAL ROLE ${owner}; SET LOCAL search_path = ${schema}, public; SET LOCAL lock_timeout = '${lockTimeoutS}s'`,
      );
      await client.query(file.sql);
      await client.query(`SET LOCAL ROLE ${owner}`);
      await client.query(`INSERT INTO ${schema}.migrations (name, sha256) VALUES ($1, $2)`, [file.name, file.sha256]);
    });
  } catch (error) {
    const name = `${schema}/${file.name}`;
    if (codeOf(error) === '55P03') {
      throw refusal(
        `Migration ${name} waited ${lockTimeoutS} s for a lock that something else holds; start again.`,
        error,
      );
    }
    throw refusal(`Migration ${name} failed and changed nothing: ${reasonOf(error)}.`, error);
  }
}
