import { findEmbeddedPort } from '@universal-api/database';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What of the environment says where the database is. */
export interface DatabaseEnvironment {
  readonly DATABASE_URL?: string;
  readonly DATA_DIR?: string;
}

/**
 * The database of the product: that of `DATABASE_URL`, else the embedded one of the `npm start` that runs in this folder.
 * Throws an `Error` that says what to do when there is neither.
 */
export function findDatabase({ DATABASE_URL, DATA_DIR = '.data' }: DatabaseEnvironment): string {
  if (DATABASE_URL) return DATABASE_URL;
  const port = findEmbeddedPort(DATA_DIR);
  if (port === undefined)
    throw new Error(`No database runs in ${DATA_DIR}: npm start there first, or set DATABASE_URL.`);
  const url = new URL(`postgresql://uapi@127.0.0.1:${port}/uapi`);
  url.password = encodeURIComponent(passwordIn(DATA_DIR));
  return url.href;
}

function passwordIn(folder: string): string {
  const file = join(folder, 'secrets.json');
  try {
    const { DATABASE_PASSWORD: password } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (typeof password === 'string') return password;
  } catch (cause) {
    throw new Error(`${file} cannot be read: run this as the user who runs npm start.`, { cause });
  }
  throw new Error(`${file} has no password of the database.`);
}

/** The same database with the rights of a reader: it sees every tenant's events, and no transaction of it may write. */
export function asReader(url: string): string {
  const changed = new URL(url);
  const before = changed.searchParams.get('options');
  changed.searchParams.set('options', [...(before ? [before] : []), '-c default_transaction_read_only=on'].join(' '));
  return changed.href;
}
