import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { findProgram } from './find-program.ts';
import { livingServerOf, lockFileOf, type ServerFolder } from './server-folder.ts';
import { waitUntil } from './wait-until.ts';

/** What is run, and where. */
export interface GuardedCommand {
  readonly folder: ServerFolder;
  readonly command: string;
  readonly words: readonly string[];
  /** What it prints goes to the end of this file. */
  readonly logFile: string;
}

/** A server that runs as our direct child and ends with us, however we end. */
export interface GuardedProcess {
  readonly pid: number;
  /** Why it ended: `code 1`, `SIGKILL`; undefined while it lives. */
  ended(): string | undefined;
  /** What it printed since it was started. */
  printed(): string;
  /** Sends a signal; one that has ended needs none. */
  signal(name: NodeJS.Signals): void;
  /** Sends a signal and waits for the end. Gives back whether it ended within the deadline. */
  end(name: NodeJS.Signals, deadlineMs: number): Promise<boolean>;
}

/**
 * The shell leaves a watcher behind and becomes the server (`exec` keeps the pid). The watcher reads from a pipe that we
 * hold: a line says that the server has ended and its pid may be another's by now; the end of the pipe without a line
 * says that we have died, so it kills the server.
 */
const script = '(read line <&3 || kill -KILL $$) </dev/null >/dev/null 2>&1 & exec 3<&-; exec "$@"';
const lockIsHeld = 75;
const leavingMs = 1_000;

/** Nothing of our own environment: a server is the same whatever the shell says. */
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
};

/**
 * Starts a server on its folder, out of reach of Ctrl-C. It holds the folder's lock (`flock`, kept by the process itself)
 * until it is dead; where there is no `flock`, the pid file is all there is.
 * Errors: a server that lives on the folder, named by its pid; a program that cannot be run.
 */
export async function startGuarded({ folder, command, words, logFile }: GuardedCommand): Promise<GuardedProcess> {
  // One that was killed a moment ago may still be on its way out.
  await waitUntil(() => livingServerOf(folder) === undefined, leavingMs);
  const living = livingServerOf(folder);
  if (living) throw new Error(`A server (pid ${living.pid}) already runs on ${folder.path}.`);
  const flock = findProgram('flock');
  const locked = flock
    ? [
        flock,
        '--wait',
        String(leavingMs / 1_000),
        '--no-fork',
        '--conflict-exit-code',
        String(lockIsHeld),
        lockFileOf(folder),
      ]
    : [];
  const log = openSync(logFile, 'a', 0o600);
  const from = fstatSync(log).size;
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...locked, command, ...words], {
    cwd: folder.path,
    env: environment,
    stdio: ['ignore', log, log, 'pipe'],
    detached: true,
  });
  closeSync(log);
  const end = watchEnd(child);
  await waitUntil(() => child.pid !== undefined || end.reason !== undefined, 1_000);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started: ${end.reason}`);
  const signal = (name: NodeJS.Signals) => {
    if (end.reason === undefined) child.kill(name);
  };
  return {
    pid,
    ended: () => (end.reason === `code ${lockIsHeld}` ? `another server holds ${folder.path}` : end.reason),
    printed: () => readFileSync(logFile).subarray(from).toString(),
    signal,
    end(name, deadlineMs) {
      signal(name);
      return waitUntil(() => end.reason !== undefined, deadlineMs);
    },
  };
}

function watchEnd(child: ChildProcess): { reason: string | undefined } {
  const end: { reason: string | undefined } = { reason: undefined };
  const guard = child.stdio[3] as Writable & { unref?(): void };
  // A watcher that was killed by others must not end us.
  guard.on('error', () => {});
  child.once('error', (error) => (end.reason = error.message));
  child.once('exit', (code, signal) => {
    end.reason = signal ?? `code ${code}`;
    guard.end('\n');
  });
  // A forgotten server does not keep us alive; our end closes the pipe, and that ends it.
  child.unref();
  guard.unref?.();
  return end;
}
