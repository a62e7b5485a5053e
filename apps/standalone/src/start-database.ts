import { setTimeout } from 'node:timers/promises';
import type { Secret } from '@universal-api/config';
import { prepareDatabase, startEmbeddedPostgres, type EmbeddedPostgres } from '@universal-api/database';
import type { Logger } from '@universal-api/logging';
import type { Closable, Readiness } from '@universal-api/service';
import { migrateAll } from './migrate-all.ts';

/** What the host needs to have a database. */
export interface DatabaseSettings {
  /** PostgreSQL of the operator; absent: an embedded one. */
  readonly databaseUrl?: string;
  readonly folder: string;
  /** Password of our login in the embedded one. */
  readonly password: Secret;
  readonly log: Logger;
  readonly say: (line: string) => void;
}

/** A database with every schema at its newest version. */
export interface StartedDatabase extends Closable {
  readonly url: string;
  /** From now on starts the embedded server again, on its port, whenever the app that uses it finds it gone. */
  keepAlive(readiness: Pick<Readiness, 'report'>): void;
  /** The apps are ending: a database that goes now is none to bring back. */
  endKeeping(): void;
}

/** How often somebody looks whether the embedded server still answers, ms. */
const lookEveryMs = 1_000;

/** Brings PostgreSQL up if it is ours, then the schemas. The embedded server stops when this is closed. */
export async function startDatabase(settings: DatabaseSettings): Promise<StartedDatabase> {
  const { databaseUrl, folder, password, log, say } = settings;
  if (databaseUrl) {
    await bringUpToDate(databaseUrl, say);
    return { url: databaseUrl, keepAlive: () => {}, endKeeping: () => {}, close: () => {} };
  }
  say('Starting PostgreSQL …');
  const server = await startEmbeddedPostgres({ folder, port: 0, log: (message) => log.info(message) });
  try {
    const login = { login: 'uapi', password: password.reveal(), database: 'uapi' };
    const url = await prepareDatabase(server.adminUrl(), login);
    await bringUpToDate(url, say);
    return { url, ...keeper(server, settings) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function bringUpToDate(url: string, say: DatabaseSettings['say']): Promise<void> {
  const applied = await migrateAll(url);
  if (applied.length > 0) say(`Database brought up to date: ${applied.join(', ')}.`);
}

/** Keeps one embedded server alive: starting it again adopts a living one, so a look too many does no harm. */
function keeper(first: EmbeddedPostgres, { folder, log }: DatabaseSettings): Omit<StartedDatabase, 'url'> {
  let server = first;
  let watching: Promise<void> = Promise.resolve();
  const ending = new AbortController();
  const startAgain = async () => {
    log.error('the embedded PostgreSQL is gone and is started again');
    try {
      const again = { folder, port: first.port, mustExist: true };
      server = await startEmbeddedPostgres({ ...again, log: (message) => log.info(message) });
    } catch (error) {
      log.error('the embedded PostgreSQL did not start', { err: error });
    }
  };
  const watch = async (readiness: Pick<Readiness, 'report'>) => {
    while (!ending.signal.aborted) {
      await setTimeout(lookEveryMs, undefined, { ref: false, signal: ending.signal }).catch(() => {}); // Aborted: it ends.
      if (!ending.signal.aborted && !(await readiness.report()).isReady) await startAgain();
    }
  };
  return {
    keepAlive(readiness) {
      watching = watch(readiness);
    },
    endKeeping: () => ending.abort(),
    async close() {
      ending.abort();
      await watching;
      await server.stop();
    },
  };
}
