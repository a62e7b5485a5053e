import { AppError } from '@universal-api/errors';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts';

/** What a lock file says of its holder. */
interface Holder extends ProcessIdentity {
  readonly url: string;
}

const fileShape = /^app\.lock\.(\d+)$/;

/**
 * Takes the right to use a data folder for as long as this process lives, or refuses in one sentence: a living holder, or a
 * folder that cannot be written.
 *
 * Each holder has a file of its own, `app.lock.<n>`, one number above the last; the highest counts. A stale one is never
 * removed before a higher one is there: whoever removes first could remove the lock that another start has just taken. The
 * file stays when its process ends: a dead holder harms nobody.
 */
export function takeAppLock(folder: string, url: string): void {
  const own: Holder = { ...(identifyProcess(process.pid) ?? { pid: process.pid, started: '' }), url };
  makeFolder(folder);
  const draft = join(folder, `app.lock.draft.${process.pid}`);
  writeDraft(draft, own, folder);
  try {
    while (!tryTake(folder, draft)) {
      // Somebody else took the number that was free a moment ago: look again at who that is.
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function tryTake(folder: string, draft: string): boolean {
  const numbers = readdirSync(folder).flatMap((name) => fileShape.exec(name)?.[1] ?? []);
  const top = Math.max(0, ...numbers.map(Number));
  if (top > 0) {
    const holder = readHolder(join(folder, `app.lock.${top}`));
    if (!holder) return false;
    if (isAlive(holder)) throw refuseHeld(holder);
  }
  try {
    // A hard link either appears whole or not at all, so no one ever reads half a lock.
    linkSync(draft, join(folder, `app.lock.${top + 1}`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw refuseFolder(folder, error);
  }
  for (const number of numbers) rmSync(join(folder, `app.lock.${number}`), { force: true });
  return true;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw refuseFolder(folder, error);
  }
}

function writeDraft(draft: string, own: Holder, folder: string): void {
  try {
    writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  } catch (error) {
    throw refuseFolder(folder, error);
  }
}

function refuseHeld({ pid, url }: Holder): AppError {
  return new AppError('conflict', {
    internal: `Universal API already runs in this folder (pid ${pid}) at ${url}; stop it first, or set DATA_DIR and PORT for a second one.`,
  });
}

function refuseFolder(folder: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new AppError('internal', {
    internal: `The data folder ${folder} cannot be written (${code}); make it writable for this user, or set DATA_DIR to one that is.`,
    cause,
  });
}

/** The holder in a file; undefined when it has gone meanwhile. What cannot be read was made by no version of ours: dead. */
function readHolder(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid: 0, started: '', url: '' };
  }
}
