import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { refusal } from '../refusal.ts';
import { syncFolder, writeWhole } from './data-folder.ts';
import type { ServerAccount } from './server-account.ts';
import type { ServerLog } from './server-log.ts';

const initTimeoutMs = 120_000;
const passwordFile = 'pg.init';

/**
 * Makes a new cluster in `pg.new`, renames it to `pg` and settles the account on it: UTF-8 with PostgreSQL's own
 * C.UTF-8, so that neither the shell's `LANG` nor a system library decides how text sorts. A `pg.new` of an interrupted
 * start is removed before; whatever was still writing into it has to be ended by then. `more` are further words for initdb.
 * Errors: a refusal with the last line of the log.
 */
export async function initCluster(
  account: ServerAccount,
  secret: string,
  log: ServerLog,
  more: readonly string[] = [],
): Promise<void> {
  const { home, owner } = account;
  const fresh = join(home, 'pg.new');
  const password = join(home, passwordFile);
  rmSync(fresh, { recursive: true, force: true });
  writeWhole(password, secret);
  if (owner !== undefined) {
    mkdirSync(fresh, { mode: 0o700 });
    chownSync(fresh, owner, owner);
    chownSync(password, owner, owner);
  }
  try {
    await runInitdb(account, log, more);
  } finally {
    rmSync(password, { force: true });
  }
  renameSync(fresh, join(home, 'pg'));
  syncFolder(home);
  account.settle();
}

async function runInitdb(account: ServerAccount, log: ServerLog, more: readonly string[]): Promise<void> {
  const words = [
    ...['-D', 'pg.new', '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...more,
  ];
  const [command, args] = account.command(account.binaries.initdb, words);
  const child = spawn(command, args, {
    ...account.spawnOptions,
    stdio: ['ignore', log.descriptor, log.descriptor],
    timeout: initTimeoutMs,
    killSignal: 'SIGKILL',
  });
  const outcome = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === 0 ? '' : (signal ?? `code ${code}`)));
  });
  if (outcome) throw refusal(`PostgreSQL's initdb failed (${outcome}): ${log.lastLine()} See ${log.file}.`);
}
