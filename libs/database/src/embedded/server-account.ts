import { type SpawnOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { refusal } from '../refusal.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { findTwin, newTwin } from './twin/find-twin.ts';
import { hasSettledHome, here, planHome, settleHome } from './twin/home-file.ts';
import { prepareTwin } from './twin/prepare-twin.ts';

/** Who runs the server, and where: PostgreSQL refuses to run as root. */
export interface ServerAccount {
  /** Folder of `pg` and `pg.new`: the data folder itself, or its twin where root may not make a user namespace. */
  readonly home: string;
  /** Set for the twin: whose the data has to be. */
  readonly owner: number | undefined;
  readonly binaries: PostgresBinaries;
  /** What to hand to `spawn`: command, then its words. */
  command(program: string, words: readonly string[]): [string, string[]];
  readonly spawnOptions: SpawnOptions;
  /** Writes down in the data folder that its cluster is made now, whole; until then the next start begins anew. */
  settle(): void;
}

/** The user that every Linux knows as `nobody`; a uid without an entry in the list of users will not do. */
const nobody = 65_534;
const asNobody = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`];

/** Nothing of our own environment: text is UTF-8 and times are UTC whatever the shell says. */
export const serverEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
};

/** Asks the machine whether a program of ours can run in a user namespace and write into the folder. */
export type NamespaceProbe = (folder: string, binaries: PostgresBinaries) => Promise<boolean>;

/**
 * Chooses, in this order: an ordinary user runs the server as himself; root runs it where its cluster is already, else
 * in a user namespace, where files stay root's and the process is `nobody`, so that nothing above the folder has to be
 * readable by others; root without namespaces runs it as `nobody` from a twin folder below `/var/tmp`, since `nobody`
 * could not enter root's. The data folder says which twin is its own (`pg.home`), so that it may be moved.
 *
 * Errors: a refusal when the cluster is not where it was, belongs to a copy of the folder, or cannot be run.
 */
export async function chooseAccount(
  folder: string,
  binaries: PostgresBinaries,
  canUseNamespace: NamespaceProbe = tryNamespace,
): Promise<ServerAccount> {
  const isHere = existsSync(join(folder, 'pg'));
  if (process.getuid?.() !== 0) {
    if (!isHere && hasSettledHome(folder)) {
      throw refusal(`The database of ${folder} is where only root can run it (${folder}/pg.home); start as root.`);
    }
    return accountHere(folder, binaries, []);
  }
  const twin = isHere ? undefined : findTwin(folder);
  if (twin !== undefined) return accountInTwin(twin, folder, binaries);
  if (await canUseNamespace(folder, binaries)) {
    const account = accountHere(folder, binaries, asNobody);
    if (isHere) account.settle();
    else planHome(folder, here);
    return account;
  }
  if (isHere) {
    throw refusal(
      `The database in ${folder} was made in a user namespace, which this machine refuses now; allow user namespaces, or set DATABASE_URL.`,
    );
  }
  const fresh = newTwin();
  planHome(folder, fresh);
  return accountInTwin(fresh, folder, binaries);
}

async function tryNamespace(folder: string, binaries: PostgresBinaries): Promise<boolean> {
  const [unshare = '', ...prefix] = asNobody;
  const words = [...prefix, '/bin/sh', '-c', 'test -w "$1" && exec "$2" --version', 'sh', folder, binaries.postgres];
  const child = spawn(unshare, words, { cwd: folder, env: serverEnvironment, stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

function accountHere(folder: string, binaries: PostgresBinaries, prefix: readonly string[]): ServerAccount {
  return {
    home: folder,
    owner: undefined,
    binaries,
    command(program, words) {
      const [first = program, ...rest] = [...prefix, program, ...words];
      return [first, rest];
    },
    spawnOptions: { cwd: folder, env: serverEnvironment },
    settle: () => settleHome(folder, here),
  };
}

function accountInTwin(twin: string, folder: string, binaries: PostgresBinaries): ServerAccount {
  const own = prepareTwin(twin, folder, binaries);
  const settle = () => settleHome(folder, twin);
  // A start that was killed in between, or the old layout, has left the cluster without its name.
  if (existsSync(join(twin, 'pg'))) settle();
  return {
    home: twin,
    owner: nobody,
    binaries: own,
    command: (program, words) => [program, [...words]],
    spawnOptions: { cwd: twin, env: serverEnvironment, uid: nobody, gid: nobody },
    settle,
  };
}
