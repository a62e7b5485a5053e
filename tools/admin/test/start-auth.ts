import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { migrateAll } from '@universal-api/standalone/migrate';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';

/** The auth service as a process of its own, on a database of its own. */
export interface TestAuth {
  readonly server: TestDatabase;
  /** `host:port`. */
  readonly address: string;
  /** `INTERNAL_AUTH_KEY` of the installation. */
  readonly internalKey: string;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../../apps/auth/src/main.ts', import.meta.url));
const startMs = 60_000;
const askEveryMs = 100;

/** A key ring of one random version. */
export const randomRing = () => `v1:${randomBytes(32).toString('base64')}`;

/** Starts it, and waits until it is ready. Errors: what it wrote, if it does not become so. */
export async function startAuth(): Promise<TestAuth> {
  const server = await createTestDatabase({ schemas: [] });
  await migrateAll(server.url);
  const [grpc, operations] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${grpc}`;
  const internalKey = randomRing();
  const environment = {
    ...{ PATH: process.env['PATH'], BIND_ADDRESS: '127.0.0.1', GRPC_PORT: String(grpc), OPS_PORT: String(operations) },
    ...{ DATABASE_URL: server.url, DATABASE_POOL: '4', UAPI_AUTH_ADDR: address, LOG_LEVEL: 'warn' },
    ...{ INTERNAL_AUTH_KEY: internalKey, AUTH_KEY_PEPPER: randomRing(), DATA_ENCRYPTION_KEY: randomRing() },
  };
  const child = spawn(process.execPath, [program], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (written += String(chunk)));
  try {
    await untilReady(child, operations);
  } catch (cause) {
    await end(child);
    await server.drop();
    throw new Error(`the auth service did not start:\n${written}`, { cause });
  }
  return {
    server,
    address,
    internalKey,
    async stop() {
      await end(child);
      await server.drop();
    },
  };
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  for (let leftMs = startMs; leftMs > 0 && child.exitCode === null; leftMs -= askEveryMs) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await setTimeout(askEveryMs);
  }
  throw new Error('not ready');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
