import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf, refusal } from '../refusal.ts';
import { postgresMajor } from './postgres-binaries.ts';

/** Makes the folder (0700) or proves that it can be written. Errors: a refusal that names folder and reason. */
export function prepareFolder(folder: string): void {
  const probe = join(folder, 'pg.probe');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    closeSync(openSync(probe, 'w', 0o600));
    rmSync(probe);
  } catch (error) {
    throw refusal(
      `The data folder ${folder} cannot be written (${codeOf(error)}); make it writable or name another one.`,
      error,
    );
  }
}

/**
 * Whether `home` has a cluster that this version can run.
 * Errors: a refusal for another major version, for a folder of somebody else, and for one that is no cluster.
 */
export function hasCluster(home: string): boolean {
  const pg = join(home, 'pg');
  if (!existsSync(pg)) return false;
  const major = readMajor(pg);
  if (major === postgresMajor) return true;
  throw refusal(
    `The data in ${pg} is of PostgreSQL ${major}, this version runs ${postgresMajor}: export it with the version that made it and import it here (npm run admin -- export, import).`,
  );
}

function readMajor(pg: string): string {
  try {
    return readFileSync(join(pg, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    const what = codeOf(error) === 'ENOENT' ? 'is not a PostgreSQL data folder' : `cannot be read (${codeOf(error)})`;
    throw refusal(`${pg} ${what}; give it back to who runs this, or move it away.`, error);
  }
}

/**
 * The superuser's password: read from `pg.secret`, or made (0600) while there is no cluster yet. Written whole or not
 * at all. Errors: a refusal when a cluster is there without its password.
 */
export function loadSecret(folder: string, isNew: boolean): string {
  const file = join(folder, 'pg.secret');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (!isNew) {
    throw refusal(`The password file ${file} is gone and its database is still there; put the file back.`);
  }
  const secret = randomBytes(24).toString('hex');
  writeWhole(file, secret);
  return secret;
}

/** Writes a file (0600) that is there with all its bytes, or not at all, also after a loss of power. */
export function writeWhole(file: string, text: string): void {
  const descriptor = openSync(`${file}.new`, 'w', 0o600);
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(`${file}.new`, file);
  syncFolder(dirname(file));
}

/** Waits until the names in a folder are on the disk. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
