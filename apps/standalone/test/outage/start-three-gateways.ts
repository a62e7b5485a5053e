import { createTestDatabase } from '@universal-api/database/testing';
import { sql } from '@universal-api/database';
import { defaultTenantId } from '@universal-api/ids';
import { fileURLToPath } from 'node:url';
import { migrateAll } from '../../src/migrate-all.ts';
import { makeFirstKey } from '../stack/make-first-key.ts';
import { startAppProcess, stopProcesses, type AppProcess } from '../stack/app-process.ts';
import { findFreePorts } from '../stack/free-ports.ts';
import { randomKey } from '../stack/random-key.ts';
import { untilReady } from '../stack/until-ready.ts';

/** Three gateways over one auth and one search, each a process, on one Redis. */
export interface ThreeGateways {
  readonly urls: readonly string[];
  /** A key on plan `free`, whose rates are as the environment says. */
  readonly key: string;
  /** A gauge of each gateway. */
  gauge(name: string): Promise<number[]>;
  /** Ends the service auth and starts it again in its place; resolves when it is ready. */
  restartAuth(): Promise<void>;
  /** Processes that have ended, and why. */
  ended(): string[];
  stop(): Promise<void>;
}

const programOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Starts them; answers are local, and events stay in PostgreSQL. */
export async function startThreeGateways(environment: Readonly<Record<string, string>>): Promise<ThreeGateways> {
  const [database, ports] = await Promise.all([createTestDatabase({ schemas: [] }), findFreePorts(10)]);
  const secrets = {
    AUTH_KEY_PEPPER: randomKey(),
    DATA_ENCRYPTION_KEY: randomKey(),
    INTERNAL_AUTH_KEY: randomKey(),
  };
  const shared = { LOG_LEVEL: 'warn', UAPI_BUILD: 'test', DRAIN_S: '2', BIND_ADDRESS: '127.0.0.1' };
  const processes: AppProcess[] = [];
  const operationsUrls: string[] = [];
  const again: (() => AppProcess)[] = [];
  /** Takes two of the ports. */
  const start = (name: string, main: string, portName: string, more: Readonly<Record<string, string>>): number => {
    const [port = 0, operations = 0] = ports.splice(0, 2);
    const own = { [portName]: String(port), OPS_PORT: String(operations) };
    const variables = { ...shared, ...secrets, ...environment, ...more, ...own };
    const begin = () => startAppProcess(name, programOf(main), variables);
    again.push(begin);
    processes.push(begin());
    operationsUrls.push(`http://127.0.0.1:${operations}`);
    return port;
  };
  const stop = async () => {
    try {
      await stopProcesses(processes);
    } finally {
      await database.drop();
    }
  };
  try {
    await migrateAll(database.url);
    const stores = { DATABASE_URL: database.url, UAPI_EGRESS: 'none' };
    const auth = {
      UAPI_AUTH_ADDR: `127.0.0.1:${start('auth', '../../../auth/src/main.ts', 'GRPC_PORT', stores)}`,
    };
    const search = start('search', '../../../search/src/main.ts', 'GRPC_PORT', { ...stores, ...auth });
    const services = { ...auth, UAPI_SEARCH_ADDR: `127.0.0.1:${search}` };
    const urls = ['first', 'second', 'third'].map((which) => {
      return `http://127.0.0.1:${start(`${which} gateway`, './gateway-of-three.ts', 'PORT', services)}`;
    });
    const [key] = await Promise.all([
      makeFirstKey(database.url, secrets.AUTH_KEY_PEPPER),
      untilReady({ processes, operationsUrls, gatewayUrls: urls }),
    ]);
    // The first key's tenant has no rates at all; they are what is tested.
    await database
      .database<unknown>('auth_app')
      .transaction(defaultTenantId, (tx) => sql`UPDATE auth.tenants SET plan = 'free'`.execute(tx));
    return {
      urls,
      key,
      async restartAuth() {
        await processes[0]?.stop();
        const [begin] = again;
        if (begin) processes[0] = begin();
        await untilReady({ processes, operationsUrls, gatewayUrls: urls });
      },
      gauge: (name) => Promise.all(operationsUrls.slice(2).map((url) => readGauge(url, name))),
      ended: () => processes.flatMap(({ name, ended }) => (ended() === undefined ? [] : [`${name}: ${ended()}`])),
      stop,
    };
  } catch (error) {
    await stop().catch(() => {}); // The first error is the one to tell.
    throw error;
  }
}

async function readGauge(operationsUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${operationsUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}
