import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** An app as a process of its own, which ends when this one does. */
export interface AppProcess {
  readonly name: string;
  readonly pid: number | undefined;
  /** How it ended (`code 1`, `SIGKILL`); undefined while it lives. */
  ended(): string | undefined;
  /** The last of what it printed. */
  printed(): string;
  /** Asks it to end and waits; kills it after its deadline. Rejects unless it was alive and ended with code 0. */
  stop(): Promise<void>;
}

/**
 * The shell leaves a watcher behind and becomes the app (`exec` keeps the pid). The watcher reads from a pipe that we hold: a
 * line says that the app has ended; the end of the pipe without a line says that we have died, so it kills the app.
 */
const script = '(read line <&3 || kill -KILL $$) </dev/null >/dev/null 2>&1 & exec 3<&-; exec "$@"';
const repository = fileURLToPath(new URL('../../../..', import.meta.url));
const keptCharacters = 20_000;
const stopMs = 15_000;

/** Starts `main` of the repository under this Node and does not wait. It sees the variables that are given and no others. */
export function startAppProcess(name: string, main: string, environment: Readonly<Record<string, string>>): AppProcess {
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, main], {
    cwd: repository,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => (text = (text + String(chunk)).slice(-keptCharacters)));
  }
  let end: string | undefined;
  child.once('error', (error) => (end = error.message));
  const guard = child.stdio[3] as Writable;
  guard.on('error', () => {}); // A watcher that was killed by others must not end us.
  child.once('exit', (code, signal) => {
    end = signal ?? `code ${code}`;
    guard.end('\n');
  });
  return {
    name,
    pid: child.pid,
    ended: () => end,
    printed: () => text,
    async stop() {
      const early = end;
      if (early === undefined) {
        const exit = once(child, 'exit');
        child.kill('SIGINT');
        const late = new AbortController();
        const killing = setTimeout(stopMs, undefined, { signal: late.signal }).then(
          () => child.kill('SIGKILL'),
          () => {}, // It ended in time.
        );
        await exit;
        late.abort();
        await killing;
      }
      if (early !== undefined || end !== 'code 0') {
        throw new Error(`${name} ended ${early === undefined ? 'badly' : 'before it was asked to'} (${end}):\n${text}`);
      }
    },
  };
}

/** Stops gateways, then services; rejects once all are gone if one did not end well. */
export async function stopProcesses(processes: readonly AppProcess[]): Promise<void> {
  const isGateway = ({ name }: AppProcess) => name.endsWith('gateway');
  const ends = await Promise.allSettled(processes.filter(isGateway).map((process) => process.stop()));
  const services = processes.filter((process) => !isGateway(process));
  ends.push(...(await Promise.allSettled(services.map((process) => process.stop()))));
  const messages = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
  if (messages.length > 0) throw new Error(messages.join('\n'));
}
