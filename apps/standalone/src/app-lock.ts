import { AppError } from '@universal-api/errors';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts';

/** What the lock file says of its holder. */
interface Holder extends ProcessIdentity {
  readonly url: string;
}

/** The right to use a data folder, held by one living process at a time. */
export interface AppLock {
  release(): void;
}

/**
 * Takes `<folder>/app.lock` (pid and start time), or refuses in one sentence: a living holder, or a folder that cannot be
 * written. A lock of a process that is gone is taken over.
 */
export function takeAppLock(folder: string, url: string): AppLock {
  const own = identifyProcess(process.pid) ?? { pid: process.pid, started: '' };
  const file = join(folder, 'app.lock');
  makeFolder(folder);
  // Two rounds are enough unless another start takes the stale lock first; then its holder lives and we refuse.
  for (let round = 0; round < 5; round++) {
    if (tryTake(folder, file, { ...own, url })) return { release: () => rmSync(file, { force: true }) };
    const holder = readHolder(file);
    if (holder && isAlive(holder)) {
      throw new AppError('conflict', {
        internal: `Universal API already runs in this folder (pid ${holder.pid}) at ${holder.url}; stop it first, or set DATA_DIR and PORT for a second one.`,
      });
    }
    rmSync(file, { force: true });
  }
  throw new AppError('conflict', { internal: `The lock ${file} changes hands all the time; start again.` });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw refuse(folder, error);
  }
}

/** A hard link either appears whole or not at all, so no one ever reads half a lock. */
function tryTake(folder: string, file: string, holder: Holder): boolean {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw refuse(folder, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function refuse(folder: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new AppError('internal', {
    internal: `The data folder ${folder} cannot be written (${code}); make it writable for this user, or set DATA_DIR to one that is.`,
    cause,
  });
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined; // Gone meanwhile: nobody holds it.
  }
}
