import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { embeddedMaxConnections } from '../connection-budget.ts';
import { refusal } from '../refusal.ts';
import { withClient } from '../with-client.ts';
import { hasCluster, loadSecret, prepareFolder } from './data-folder.ts';
import { endWithUs } from './end-with-us.ts';
import { initCluster } from './init-cluster.ts';
import { loadBinaries } from './postgres-binaries.ts';
import { readPostmasterOptions } from './processes/postmaster-file.ts';
import { runServer } from './run-server.ts';
import { chooseAccount, type NamespaceProbe, type ServerAccount } from './server-account.ts';
import { openServerLog } from './server-log.ts';
import { settleLeftovers } from './processes/settle-leftovers.ts';
import { stopServer } from './processes/stop-server.ts';

/** Where and how the embedded server runs. */
export interface EmbeddedOptions {
  /**
   * The data folder (`.data`); this gets `pg`, or `pg.home` with the path of the folder that has it, `pg.secret` and
   * `pg.log` in it. The caller holds its lock.
   */
  readonly folder: string;
  /** On 127.0.0.1; 0 = a free one, or that of the server that an earlier run left alive. */
  readonly port: number;
  /** Only starts what is there: a data folder that has gone is refused, never replaced by an empty one. */
  readonly mustExist?: boolean;
  /** `max_connections`; absent: what one `standalone` needs. */
  readonly maxConnections?: number;
  /** Ends the server with the process that started it, however that one ends; else it outlives a kill and is adopted later. */
  readonly endsWithUs?: boolean;
  /** Told what happens, a fixed message and its fields. */
  readonly log?: (message: string, fields?: Record<string, unknown>) => void;
}

/** A running server. */
export interface EmbeddedPostgres {
  /** URL of the superuser, for a database (absent: `postgres`). Secret: it has the password in it. */
  adminUrl(database?: string): string;
  readonly port: number;
  /** Of the server itself, the parent of its backends. */
  readonly pid: number;
  /** Stops it and waits until nothing of it is left. */
  stop(): Promise<void>;
}

/** Everything that the server is started with, beside its port. */
const settingsWith = (maxConnections: number): string[] => [
  ...['-h', '127.0.0.1', '-k', ''],
  ...['-c', `max_connections=${maxConnections}`, '-c', 'shared_buffers=64MB'],
  // The log tells what failed, never the values of a row or a statement.
  ...['-c', 'log_error_verbosity=terse', '-c', 'log_min_error_statement=panic'],
];

const attempts = 5;

/**
 * Brings up the PostgreSQL of a data folder, whatever state an earlier run left it in: makes the cluster (whole or not
 * at all), adopts a server that still lives and is as this version wants it, stops one that is not, recovers one that was killed.
 *
 * Errors: a refusal (`service_unavailable`, one sentence in `message`) for a folder that cannot be written, data of another major
 * version, a cluster that is not where it was or belongs to a copy of the folder, a port that is taken, a lost password file,
 * or a server that does not come up.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedOptions,
  canUseNamespace?: NamespaceProbe,
): Promise<EmbeddedPostgres> {
  const { folder, port, mustExist = false, log = () => {} } = options;
  const settings = settingsWith(options.maxConnections ?? embeddedMaxConnections);
  const data = resolve(folder);
  if (mustExist && !existsSync(data)) throw refusal(`The data folder ${data} is gone.`);
  prepareFolder(data);
  const chosenAccount = await chooseAccount(data, await loadBinaries(), canUseNamespace);
  const account = options.endsWithUs ? endWithUs(chosenAccount) : chosenAccount;
  const isNew = !hasCluster(account.home);
  if (mustExist && isNew) throw refusal(`The database in ${data} is gone.`);
  const secret = loadSecret(data, isNew);

  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const server = await settleLeftovers(account.home, async (left) => {
      // One of an earlier run would not end with us.
      if (options.endsWithUs || (port !== 0 && left.port !== port)) return false;
      return isAsWanted(account, serverWords(left.port, settings)) && answers(urlOf(secret, left.port));
    });
    if (server) {
      log('embedded PostgreSQL adopted', { port: server.port, pid: server.pid });
      return handle({ account, secret, log, ...server });
    }
    const chosen = port === 0 ? await freePort() : port;
    const started = await startOnce({
      account,
      secret,
      words: serverWords(chosen, settings),
      file: join(data, 'pg.log'),
    });
    if ('pid' in started) {
      log(isNew ? 'embedded PostgreSQL created' : 'embedded PostgreSQL started', { port: chosen, pid: started.pid });
      return handle({ account, secret, log, port: chosen, pid: started.pid });
    }
    if (started.again === 'port_in_use' && port !== 0) {
      throw refusal(`Port ${port} on 127.0.0.1, meant for PostgreSQL, is in use by another program.`);
    }
  }
  throw refusal(`PostgreSQL in ${data} did not start: something else starts or takes its ports at the same time.`);
}

interface Start {
  readonly account: ServerAccount;
  readonly secret: string;
  readonly port: number;
}

async function startOnce({ account, secret, words, file }: Omit<Start, 'port'> & { words: string[]; file: string }) {
  const log = openServerLog(file);
  try {
    if (!hasCluster(account.home)) await initCluster(account, secret, log);
    return await runServer(account, words, log);
  } finally {
    log.close();
  }
}

function handle({
  account,
  secret,
  port,
  pid,
  log,
}: Start & { pid: number; log: NonNullable<EmbeddedOptions['log']> }) {
  let stopping: Promise<void> | undefined;
  return {
    port,
    pid,
    adminUrl: (database = 'postgres') => urlOf(secret, port, database),
    stop() {
      stopping ??= stopServer(account.home, pid).then(() => log('embedded PostgreSQL stopped', { port, pid }));
      return stopping;
    },
  };
}

const serverWords = (port: number, settings: string[]): string[] => ['-D', 'pg', '-p', String(port), ...settings];

/** PostgreSQL writes each of its words in quotes into `postmaster.opts`; another program or setting means another version of us. */
function isAsWanted(account: ServerAccount, words: string[]): boolean {
  const wanted = [account.binaries.postgres, ...words.map((word) => `"${word}"`)].join(' ');
  return readPostmasterOptions(account.home).trim() === wanted;
}

/** A server can live and not answer: stopped by a signal, stuck, or with another password. */
async function answers(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
    return true;
  } catch {
    return false;
  }
}

function urlOf(secret: string, port: number, database = 'postgres'): string {
  return `postgresql://postgres:${secret}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw refusal('No free port on 127.0.0.1.');
  return address.port;
}
