import { type SpawnOptions, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, refusal } from '../refusal.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

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
 * Chooses, in this order: an ordinary user runs the server as himself; root runs it in a user namespace, where files stay
 * root's and the process is `nobody`, so that nothing above the folder has to be readable by others; root without
 * namespaces runs it as `nobody` from a twin folder below `/var/tmp`, since `nobody` could not enter root's.
 */
export async function chooseAccount(
  folder: string,
  binaries: PostgresBinaries,
  canUseNamespace: NamespaceProbe = tryNamespace,
): Promise<ServerAccount> {
  const plain = { home: folder, owner: undefined, binaries, spawnOptions: { cwd: folder, env: serverEnvironment } };
  if (process.getuid?.() !== 0) return { ...plain, command: (program, words) => [program, [...words]] };

  const twin = twinOf(folder);
  const isHere = existsSync(join(folder, 'pg'));
  const isInTwin = !isHere && existsSync(join(twin, 'pg'));
  if (!isInTwin && (await canUseNamespace(folder, binaries))) {
    const [unshare = '', ...prefix] = asNobody;
    return { ...plain, command: (program, words) => [unshare, [...prefix, program, ...words]] };
  }
  if (isHere) {
    throw refusal(
      `The database in ${folder} was made in a user namespace, which this machine refuses now; allow user namespaces, or set DATABASE_URL.`,
    );
  }
  return useTwin(twin, binaries);
}

/** Where the server of a data folder works if root runs it and may not make a user namespace. */
export function twinOf(folder: string): string {
  return join('/var/tmp', `universal-api-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
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

function useTwin(twin: string, binaries: PostgresBinaries): ServerAccount {
  const native = join(twin, `native-${binaries.version}`);
  try {
    if (!existsSync(twin)) mkdirSync(twin);
    const { uid, mode } = lstatSync(twin);
    // Anybody may write into /var/tmp: what is not root's alone was put there by somebody else.
    if (uid !== 0 || (mode & 0o170_000) !== 0o040_000) throw new Error('it belongs to somebody else');
    chmodSync(twin, 0o711);
    if (!existsSync(native)) {
      rmSync(`${native}.new`, { recursive: true, force: true });
      cpSync(binaries.native, `${native}.new`, { recursive: true, verbatimSymlinks: true });
      renameSync(`${native}.new`, native);
    }
  } catch (error) {
    throw refusal(
      `PostgreSQL cannot run as root here: user namespaces are refused and ${twin} cannot be used (${reasonOf(error)}); start as an ordinary user, or set DATABASE_URL.`,
      error,
    );
  }
  return {
    home: twin,
    owner: nobody,
    binaries: {
      ...binaries,
      native,
      postgres: join(native, 'bin', 'postgres'),
      initdb: join(native, 'bin', 'initdb'),
    },
    command: (program, words) => [program, [...words]],
    spawnOptions: { cwd: twin, env: serverEnvironment, uid: nobody, gid: nobody },
  };
}
