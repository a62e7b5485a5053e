import { refusal } from '../refusal.ts';
import type { Migration } from './load-migrations.ts';

/** A row of `<schema>.migrations`. */
export interface AppliedMigration {
  readonly name: string;
  readonly sha256: string;
}

/** Where a schema stands against the files of this version. */
export interface LedgerComparison {
  /** Not applied yet, in order. */
  readonly pending: readonly Migration[];
  /** Applied, and unknown to this version: the database is newer than the code. */
  readonly unknown: readonly string[];
}

/** Compares the ledger with the files. Errors: a refusal when a file was changed after it was applied. */
export function compareLedger(
  schema: string,
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
): LedgerComparison {
  const shaOf = new Map(applied.map(({ name, sha256 }) => [name, sha256]));
  const changed = files.find(({ name, sha256 }) => shaOf.has(name) && shaOf.get(name) !== sha256);
  if (changed) {
    throw refusal(
      `Migration ${schema}/${changed.name} was changed after it had been applied; restore the file and write the change as a new migration.`,
    );
  }
  const known = new Set(files.map(({ name }) => name));
  return {
    pending: files.filter(({ name }) => !shaOf.has(name)),
    unknown: applied.map(({ name }) => name).filter((name) => !known.has(name)),
  };
}
