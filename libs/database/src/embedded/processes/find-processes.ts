import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** Living processes of PostgreSQL below one folder. Zombies are dead: they hold nothing. */
export interface LivingProcesses {
  /** The server of `pg` and its backends, which can outlive it. */
  readonly ofServer: readonly number[];
  /** What still writes into `pg.new`. */
  readonly ofInit: readonly number[];
}

/** Where there is no `/proc` nothing is found, and PostgreSQL's own check of its lock file is all there is. */
export const canFindProcesses = (): boolean => existsSync('/proc/self/stat');

/**
 * Finds them by where they work, never by a pid from a file alone, since a pid is given to others later. A program that
 * has not yet moved into its folder is known by its `-D`.
 */
export function findProcesses(folder: string): LivingProcesses {
  const ofServer: number[] = [];
  const ofInit: number[] = [];
  if (!canFindProcesses()) return { ofServer, ofInit };
  const home = realpathSync(folder);
  const names = new Map([[home, ''], ...['pg', 'pg.new'].map((name) => [realOf(join(home, name)), name] as const)]);
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isSafeInteger)) {
    const place = placeOf(pid, names);
    if (place === 'pg') ofServer.push(pid);
    if (place === 'pg.new') ofInit.push(pid);
  }
  return { ofServer, ofInit };
}

const programs = new Set(['postgres', 'initdb', 'unshare']);

/** `pg` may be a link to another disk. */
function realOf(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : folder;
}

function placeOf(pid: number, names: ReadonlyMap<string, string>): string | undefined {
  try {
    // A folder that was removed below a living process reads `… (deleted)`.
    const name = names.get(readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, ''));
    if (name === undefined) return undefined;
    const [, program = '', state = ''] = /^\d+ \((.*)\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    if (state === 'Z' || state === 'X' || !programs.has(program)) return undefined;
    if (name !== '') return name;
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words[words.indexOf('-D') + 1];
  } catch {
    // It ended while we looked, or it is another user's: not ours either way.
    return undefined;
  }
}

/** Whether a process is there. A zombie of our own is reaped by Node, so that this turns false. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Sends a signal; a process that ended meanwhile needs none. */
export function signal(pid: number, name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // Ended meanwhile.
  }
}
