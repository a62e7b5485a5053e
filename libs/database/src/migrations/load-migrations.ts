import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { refusal } from '../refusal.ts';

/** One file of a `migrations` folder. */
export interface Migration {
  /** File name, `0001-tenants.sql`; names sort in the order of their application. */
  readonly name: string;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
  readonly sql: string;
}

/** The migrations of one schema. */
export interface MigrationSet {
  readonly schema: string;
  /** `file:` URL of a folder of `NNNN-title.sql`, numbered from 0001 without gaps. */
  readonly migrations: URL;
}

const fileName = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** Reads the files of a folder, in order. Errors: a refusal for a folder without files, or with a gap or a double number. */
export async function loadMigrations({ schema, migrations }: MigrationSet): Promise<Migration[]> {
  const folder = new URL(migrations.href.replace(/\/*$/, '/'));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  if (names.length === 0) throw refusal(`Schema ${schema} has no migration files.`);
  return Promise.all(
    names.map(async (name, index) => {
      if (Number(fileName.exec(name)?.[1]) !== index + 1) {
        throw refusal(`Migration ${schema}/${name} should be the one numbered ${String(index + 1).padStart(4, '0')}.`);
      }
      const bytes = await readFile(new URL(name, folder));
      return { name, sha256: createHash('sha256').update(bytes).digest('hex'), sql: bytes.toString('utf8') };
    }),
  );
}
