import { spawnSync } from 'node:child_process';
import { type ServerAccount, serverEnvironment } from './server-account.ts';

/**
 * The same account, whose servers end (SIGINT, a fast shutdown) with the process that started them, however that one ends.
 * Where there is no `setpriv` (it is Linux's) the account is given back as it is.
 */
export function endWithUs(account: ServerAccount): ServerAccount {
  const prefix = ['--pdeathsig', 'INT'];
  const hasSetpriv = spawnSync('setpriv', [...prefix, 'true'], { env: serverEnvironment }).status === 0;
  if (!hasSetpriv) return account;
  return { ...account, command: (program, words) => account.command('setpriv', [...prefix, program, ...words]) };
}
