import { refusal } from '../refusal.ts';
import { withClient } from '../with-client.ts';
import { compareLedger } from './compare-ledger.ts';
import { readLedger } from './ledger.ts';
import { loadMigrations, type MigrationSet } from './load-migrations.ts';

/** Migrations that this version has and the database has not, as `schema/file`, in order. Changes nothing. */
export async function pendingMigrations(url: string, sets: readonly MigrationSet[]): Promise<string[]> {
  const loaded = await Promise.all(sets.map(async (set) => ({ ...set, files: await loadMigrations(set) })));
  return withClient(url, async (client) => {
    const pending: string[] = [];
    for (const { schema, files } of loaded) {
      const comparison = compareLedger(schema, files, await readLedger(client, schema));
      pending.push(...comparison.pending.map(({ name }) => `${schema}/${name}`));
    }
    return pending;
  });
}

/**
 * For an app that does not migrate: refuses an older schema. A newer one is fine, since a migration runs before the
 * roll-out and the version before still has to work on it.
 */
export async function checkSchema(url: string, sets: readonly MigrationSet[]): Promise<void> {
  const [first, ...more] = await pendingMigrations(url, sets);
  if (first === undefined) return;
  const rest = more.length > 0 ? ` and ${more.length} more` : '';
  throw refusal(
    `The database is older than this version: migration ${first}${rest} is missing; run the migrations first.`,
  );
}
