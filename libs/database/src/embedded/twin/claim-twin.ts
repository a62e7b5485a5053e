import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { refusal } from '../../refusal.ts';
import { writeWhole } from '../data-folder.ts';
import { namesHome } from './home-file.ts';

/** In the twin: the real path of the data folder that it belongs to. */
const holderFile = 'pg.folder';

/**
 * Makes a twin this data folder's own. One that was moved takes its twin with it.
 * Errors: a refusal while another folder, of which this one is a copy or the other way round, names the same twin.
 */
export function claimTwin(twin: string, folder: string): void {
  const file = join(twin, holderFile);
  const own = realpathSync(folder);
  const holder = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (holder === own) return;
  if (holder !== undefined && namesHome(holder, twin) && !isSameFolder(holder, own)) {
    throw refusal(
      `${folder} is a copy of ${holder}, or the other way round, and their one database in ${twin} is held by ${holder}; remove one of the two, or remove pg.home, pg.home.next and pg.secret from ${folder} to begin anew there.`,
    );
  }
  writeWhole(file, own);
}

/** Two paths can lead to one folder where it is mounted twice. */
function isSameFolder(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}
