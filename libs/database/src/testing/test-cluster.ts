import { randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithUs } from '../embedded/end-with-us.ts';
import { initCluster } from '../embedded/init-cluster.ts';
import { loadBinaries } from '../embedded/postgres-binaries.ts';
import { stopServer } from '../embedded/processes/stop-server.ts';
import { runServer } from '../embedded/run-server.ts';
import { chooseAccount } from '../embedded/server-account.ts';
import { openServerLog } from '../embedded/server-log.ts';
import { refusal } from '../refusal.ts';

/** A PostgreSQL for tests. */
export interface TestCluster {
  /** Value for the variable `UAPI_TEST_POSTGRES`: the superuser's URL, through a unix socket. */
  readonly environment: string;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

/**
 * No port, so that nothing collides; no fsync, since no test cuts the power. `synchronous_commit` stays on: a test
 * that kills the server has to find every row it was told of.
 */
const settings = ['fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=64MB'];

/** A longer one does not fit into the address of a socket. */
const socketPathMax = 107;
const port = 5432;

/**
 * Makes and starts a PostgreSQL in a temporary folder. On Linux it ends with the process that started it, however that
 * one ends; after a kill its folder stays. Errors: a refusal when it does not come up.
 */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = makeFolder();
  // The server of a test run that was killed has nobody who would stop it later.
  const account = endWithUs(await chooseAccount(folder, await loadBinaries()));
  // Inside the data folder, which is the server user's own, whoever that is.
  const sockets = join(account.home, 'pg');
  const remove = () => {
    for (const path of [folder, account.home]) rmSync(path, { recursive: true, force: true });
  };
  const secret = randomBytes(16).toString('hex');
  const log = openServerLog(join(folder, 'pg.log'));
  try {
    await initCluster(account, secret, log, ['--no-sync']);
    const words = ['-D', 'pg', '-p', String(port), '-h', '', '-k', sockets];
    const started = await runServer(account, [...words, ...settings.flatMap((setting) => ['-c', setting])], log);
    if (!('pid' in started)) throw refusal(`The test PostgreSQL did not start: ${log.lastLine()}`);
    return {
      environment: `postgresql://postgres:${secret}@localhost/postgres?host=${encodeURIComponent(sockets)}`,
      async stop() {
        await stopServer(account.home, started.pid);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  } finally {
    log.close();
  }
}

function makeFolder(): string {
  const longest = (base: string) => join(base, 'uapi-test-XXXXXX', 'pg', `.s.PGSQL.${port}`).length;
  const base = realpathSync(tmpdir());
  return mkdtempSync(join(longest(base) > socketPathMax ? '/tmp' : base, 'uapi-test-'));
}
