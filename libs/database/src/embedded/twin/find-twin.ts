import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { refusal } from '../../refusal.ts';
import { here, readHome } from './home-file.ts';

/**
 * Finds the twin that has, or is about to have, the cluster of a data folder without a `pg` of its own. Nothing when
 * the folder is new, or its first start was killed before it made a twin: whoever asks may choose a place then.
 *
 * Errors: a refusal when the cluster is known to be elsewhere and is not found, so that no empty one takes its place.
 */
export function findTwin(folder: string): string | undefined {
  const named = readHome(folder);
  if (!named) return findOldTwin(folder);
  if (named.home === here) return undefined;
  if (named.isSettled && !hasPg(named.home)) {
    throw refusal(
      `The database of ${folder} was in ${named.home} and is gone from there; put that folder back, or remove ${join(folder, 'pg.home')} and ${join(folder, 'pg.secret')} to begin anew.`,
    );
  }
  return existsSync(named.home) ? named.home : undefined;
}

/** A name for a new twin, which nobody can guess and take before it is made. */
export function newTwin(): string {
  return nameTwin(randomBytes(8).toString('hex'));
}

/** The twin of the old layout, which had its name from the data folder's path. */
export function oldTwinOf(folder: string): string {
  return nameTwin(createHash('sha256').update(folder).digest('hex').slice(0, 16));
}

const nameTwin = (name: string) => join('/var/tmp', `universal-api-${name}`);

const hasPg = (home: string) => existsSync(join(home, 'pg'));

/** The old layout made the twin before the password: a password without any twin has come from another path. */
function findOldTwin(folder: string): string | undefined {
  const secret = join(folder, 'pg.secret');
  if (!existsSync(secret)) return undefined;
  const twin = oldTwinOf(folder);
  if (existsSync(twin)) return hasPg(twin) ? twin : undefined;
  // An initdb of the old layout that was killed in the folder itself.
  if (['pg.new', 'pg.init'].some((left) => existsSync(join(folder, left)))) return undefined;
  throw refusal(
    `The database of ${folder} is not here: it stayed with the path where it was made, in a folder below /var/tmp; move ${folder} back there and start it once, or remove ${secret} to begin anew.`,
  );
}
