import { type EmbeddedPostgres, startEmbeddedPostgres } from '@universal-api/database';
import { childrenOf } from '../process/child-processes.ts';
import { holdFolder } from '../process/hold-folder.ts';
import { isLiving, markOf, type ProcessMark } from '../process/living.ts';
import { leaveFolder, openFolder } from '../process/server-folder.ts';
import { waitUntil } from '../process/wait-until.ts';
import type { Server } from '../server.ts';

/** How a PostgreSQL is started. */
export interface PostgresOptions {
  /** Where its data is kept; absent: a folder of its own, removed by `stop`. */
  readonly folder?: string;
  /** On 127.0.0.1; absent or 0: a free one. */
  readonly port?: number;
  /** `max_connections`; 200 unless told, room for every app as a process of its own. */
  readonly maxConnections?: number;
}

/** A PostgreSQL of one's own; `kill`, `freeze` and `thaw` reach its backends too. */
export interface PostgresServer extends Server {
  /** URL of the superuser and of the database `postgres`; secret, it has the password in it. */
  readonly url: string;
}

/**
 * Starts the packaged PostgreSQL as `libs/database` does it, ending with this process. No committed row is lost by a kill.
 * Errors: a refusal of `startEmbeddedPostgres`, or one sentence when another process uses the folder.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = openFolder('postgres', options.folder);
  const held = await holdFolder(folder.path);
  const launch = (port: number) =>
    startEmbeddedPostgres({
      ...{ folder: folder.path, port, endsWithUs: true, maxConnections: options.maxConnections ?? 200 },
    });
  let current: EmbeddedPostgres;
  try {
    current = await launch(options.port ?? 0);
  } catch (error) {
    await held.release();
    leaveFolder(folder);
    throw error;
  }
  return {
    url: current.adminUrl(),
    port: current.port,
    folder: folder.path,
    get pid() {
      return current.pid;
    },
    async stop() {
      thaw(current.pid);
      await current.stop();
      await held.release();
      leaveFolder(folder);
    },
    kill: () => killTree(current.pid),
    freeze: () => freeze(current.pid),
    thaw: () => thaw(current.pid),
    async restart() {
      thaw(current.pid);
      await current.stop();
      current = await launch(current.port);
    },
  };
}

/** The server first, so that it starts no further backend meanwhile. */
function freeze(server: number): void {
  send(server, 'SIGSTOP');
  for (const backend of childrenOf(server)) send(backend, 'SIGSTOP');
}

function thaw(server: number): void {
  for (const backend of childrenOf(server)) send(backend, 'SIGCONT');
  send(server, 'SIGCONT');
}

async function killTree(server: number): Promise<void> {
  freeze(server);
  const marks = [server, ...childrenOf(server)].map(markOf).filter((mark): mark is ProcessMark => mark !== undefined);
  for (const { pid } of marks) send(pid, 'SIGKILL');
  const isGone = await waitUntil(() => !marks.some(isLiving), 10_000);
  if (!isGone) throw new Error(`PostgreSQL (pid ${server}) does not end.`);
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Ended meanwhile.
  }
}
