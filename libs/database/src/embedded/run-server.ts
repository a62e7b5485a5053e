import { type ChildProcess, spawn } from 'node:child_process';
import { refusal } from '../refusal.ts';
import { readPostmasterFile } from './processes/postmaster-file.ts';
import type { ServerAccount } from './server-account.ts';
import type { ServerLog } from './server-log.ts';
import { waitUntil } from './wait-until.ts';

/** Recovery after a kill replays the log since the last checkpoint, which can take a while on a slow disk. */
const readyTimeoutMs = 120_000;

/** How a start went. `again` = nothing is wrong with us: the port was taken just now, or another server was faster. */
export type StartOutcome = { readonly pid: number } | { readonly again: 'port_in_use' | 'already_running' };

/**
 * Starts the server of `home`, detached (Ctrl-C does not reach it and it outlives our own kill), and waits until it takes connections.
 * Errors: a refusal with the last line of the log.
 */
export async function runServer(
  account: ServerAccount,
  words: readonly string[],
  log: ServerLog,
): Promise<StartOutcome> {
  const [command, args] = account.command(account.binaries.postgres, words);
  const child = spawn(command, args, {
    ...account.spawnOptions,
    stdio: ['ignore', log.descriptor, log.descriptor],
    detached: true,
  });
  child.unref();
  const end = watchEnd(child);
  const isReady = () => {
    const file = readPostmasterFile(account.home);
    // The pid too: the file of an earlier server says ready as well.
    return file !== undefined && file.pid === child.pid && file.status === 'ready';
  };
  await waitUntil(() => end.reason !== undefined || isReady(), readyTimeoutMs);
  if (end.reason === undefined && child.pid !== undefined && isReady()) return { pid: child.pid };

  const written = log.written();
  if (end.reason !== undefined && /Address already in use/.test(written)) return { again: 'port_in_use' };
  if (end.reason !== undefined && /lock file "[^"]*postmaster\.pid" already exists/.test(written)) {
    return { again: 'already_running' };
  }
  child.kill('SIGQUIT');
  throw refusal(`PostgreSQL did not start (${end.reason ?? 'too slow'}): ${log.lastLine()} See ${log.file}.`);
}

function watchEnd(child: ChildProcess): { reason: string | undefined } {
  const end: { reason: string | undefined } = { reason: undefined };
  child.once('error', (error) => (end.reason = error.message));
  child.once('exit', (code, signal) => (end.reason = signal ?? `code ${code}`));
  return end;
}
