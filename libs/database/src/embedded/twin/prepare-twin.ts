import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@universal-api/errors';
import { reasonOf, refusal } from '../../refusal.ts';
import type { PostgresBinaries } from '../postgres-binaries.ts';
import { claimTwin } from './claim-twin.ts';

/**
 * Makes a twin ready for the server of a data folder, in whatever state an earlier start left it: the folder is there,
 * root's alone, belongs to that data folder, and has the programs in it. Answers with those programs.
 * Errors: a refusal when it was made by somebody else, belongs to another data folder, or cannot be written.
 */
export function prepareTwin(twin: string, folder: string, binaries: PostgresBinaries): PostgresBinaries {
  const native = join(twin, `native-${binaries.version}`);
  try {
    makeFolder(twin);
    claimTwin(twin, folder);
    copyPrograms(binaries.native, native);
  } catch (error) {
    if (AppError.is(error)) throw error;
    throw refusal(
      `PostgreSQL cannot run as root here: user namespaces are refused and ${twin} cannot be used (${reasonOf(error)}); start as an ordinary user, or set DATABASE_URL.`,
      error,
    );
  }
  return { ...binaries, native, postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') };
}

function makeFolder(twin: string): void {
  if (!existsSync(twin)) mkdirSync(twin);
  const { uid, mode } = lstatSync(twin);
  // Anybody may write into /var/tmp: what is not root's alone was put there by somebody else.
  if (uid !== 0 || (mode & 0o170_000) !== 0o040_000) throw new Error('it belongs to somebody else');
  chmodSync(twin, 0o711);
}

function copyPrograms(from: string, native: string): void {
  if (existsSync(native)) return;
  rmSync(`${native}.new`, { recursive: true, force: true });
  cpSync(from, `${native}.new`, { recursive: true, verbatimSymlinks: true });
  renameSync(`${native}.new`, native);
}
