import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isLiving, markOf, type ProcessMark } from './living.ts';

/** The folder that one server works in: its data, its log, and the two files that keep a second server out. */
export interface ServerFolder {
  readonly path: string;
  /** Made for this run alone: removed when the server is stopped. */
  readonly isTemporary: boolean;
}

/** The given folder, made if it is not there, or one of its own below the system's temporary folder. */
export function openFolder(name: string, given: string | undefined): ServerFolder {
  if (given === undefined) {
    return { path: mkdtempSync(join(realpathSync(tmpdir()), `uapi-${name}-`)), isTemporary: true };
  }
  mkdirSync(resolve(given), { recursive: true, mode: 0o700 });
  return { path: realpathSync(given), isTemporary: false };
}

/** Removes a folder that was made for this run alone. */
export function leaveFolder({ path, isTemporary }: ServerFolder): void {
  if (isTemporary) rmSync(path, { recursive: true, force: true });
}

/** The file that the server itself holds locked for as long as it lives, however it ends. */
export function lockFileOf(folder: ServerFolder): string {
  const file = join(folder.path, 'server.lock');
  closeSync(openSync(file, 'a', 0o600));
  return file;
}

/** The living server of a folder, as its pid file says; undefined when there is none. */
export function livingServerOf(folder: ServerFolder): ProcessMark | undefined {
  try {
    const mark = JSON.parse(readFileSync(join(folder.path, 'server.pid'), 'utf8')) as ProcessMark;
    return isLiving(mark) ? mark : undefined;
  } catch {
    // No file yet, or none that a living server wrote: it is renamed into place whole.
    return undefined;
  }
}

/** Writes down which process the server of a folder is. */
export function notePid(folder: ServerFolder, pid: number): void {
  const mark = markOf(pid);
  if (!mark) return;
  const file = join(folder.path, 'server.pid');
  writeFileSync(`${file}.${pid}`, JSON.stringify(mark), { mode: 0o600 });
  renameSync(`${file}.${pid}`, file);
}
