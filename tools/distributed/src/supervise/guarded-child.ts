import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** What is run. */
export interface ChildPlan {
  readonly command: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Told each line of standard output and standard error. */
  readonly onLine: (line: string) => void;
}

/** A process that ends with us, however we end. */
export interface GuardedChild {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** How it ended: `code 1`, `SIGKILL`. Resolves once its last line was told. */
  readonly ended: Promise<string>;
  /** Sends a signal; one that has ended needs none. */
  signal(name: NodeJS.Signals): void;
}

/**
 * The shell leaves a watcher behind and becomes the program (`exec` keeps the pid). The watcher reads from a pipe that we hold: a
 * line says that the program has ended and its pid may be another's by now; the end of the pipe without a line says that we have
 * died, so it kills the program.
 */
const script = '(read line <&3 || kill -KILL $$) </dev/null >/dev/null 2>&1 & exec 3<&-; exec "$@"';

/** Starts it out of reach of Ctrl-C, so that whoever supervises chooses the order of the end. */
export function startGuardedChild({ command, words, environment, onLine }: ChildPlan): GuardedChild {
  const child = spawn('/bin/sh', ['-c', script, 'sh', command, ...words], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr] as Readable[]) createInterface(stream).on('line', onLine);
  const guard = child.stdio[3] as Writable;
  // A watcher that was killed by others must not end us.
  guard.on('error', () => {});
  let hasEnded = false;
  child.once('exit', () => {
    hasEnded = true;
    guard.end('\n');
  });
  return {
    pid: child.pid,
    ended: new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
    }),
    signal(name) {
      if (!hasEnded) child.kill(name);
    },
  };
}
