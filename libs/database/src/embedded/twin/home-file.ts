import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, refusal } from '../../refusal.ts';
import { syncFolder, writeWhole } from '../data-folder.ts';

/** Names the twin that has the cluster of a data folder. */
const settledFile = 'pg.home';
/** Written before anything is made: where a first start, perhaps a killed one, makes the cluster. */
const plannedFile = 'pg.home.next';

/** What the planned file says when the cluster is made in the data folder itself. */
export const here = '.';

/** Nothing else is taken from a file: who can write into a data folder cannot lead root to a place of his own. */
const twinName = /^\/var\/tmp\/universal-api-[0-9a-f]{16}$/;

/** Where a data folder says that its cluster is, or will be. */
export interface Home {
  /** The twin's path, or `here` (which is never settled: the cluster itself tells it then). */
  readonly home: string;
  /** Whether the cluster was made: an unsettled home may lack it, a settled one has lost it then. */
  readonly isSettled: boolean;
}

/** Reads what a data folder says; nothing when it says nothing. Errors: a refusal for a file that names no twin. */
export function readHome(folder: string): Home | undefined {
  const settled = readIfThere(join(folder, settledFile));
  if (settled !== undefined) return { home: checkName(folder, settledFile, settled), isSettled: true };
  const planned = readIfThere(join(folder, plannedFile));
  if (planned === undefined) return undefined;
  return { home: planned === here ? here : checkName(folder, plannedFile, planned), isSettled: false };
}

/** Whether the cluster of a data folder is in a twin; the file may be one that only root can read. */
export const hasSettledHome = (folder: string): boolean => existsSync(join(folder, settledFile));

/** Whether a data folder, which may be gone, names this twin. */
export function namesHome(folder: string, home: string): boolean {
  return [settledFile, plannedFile].some((file) => readIfThere(join(folder, file)) === home);
}

/** Writes down where the cluster is about to be made. */
export function planHome(folder: string, home: string): void {
  writeWhole(join(folder, plannedFile), home);
}

/** Writes down that the cluster was made. Done again it changes nothing. */
export function settleHome(folder: string, home: string): void {
  const planned = join(folder, plannedFile);
  if (home === here) rmSync(planned, { force: true });
  else if (existsSync(planned)) renameSync(planned, join(folder, settledFile));
  else if (!hasSettledHome(folder)) writeWhole(join(folder, settledFile), home);
  syncFolder(folder);
}

function checkName(folder: string, file: string, text: string): string {
  if (twinName.test(text)) return text;
  throw refusal(
    `${join(folder, file)} does not say where the database is; put the file back as it was, or remove it and ${join(folder, 'pg.secret')} to begin anew.`,
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw refusal(`${file} cannot be read (${codeOf(error)}); make it readable.`, error);
  }
}
