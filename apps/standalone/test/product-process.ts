import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** The product as a process of its own, killed and started again at will; its data stays in one folder. */
export interface ProductProcess {
  readonly url: string;
  readonly child: ChildProcess;
  output(): string;
}

/** Ports for a product that has to find the same ones free again after each kill. */
export async function choosePorts(): Promise<Record<string, string>> {
  const servers = await Promise.all(
    [0, 1, 2, 3].map(async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const [http, operations, search, auth] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return {
    PORT: String(http),
    OPS_PORT: String(operations),
    UAPI_SEARCH_ADDR: `127.0.0.1:${search}`,
    UAPI_AUTH_ADDR: `127.0.0.1:${auth}`,
  };
}

/** Starts a process and waits until it answers; throws with its output when it ends or is too slow. */
export async function startProcess(
  environment: Record<string, string>,
  command: readonly [string, ...string[]] = [process.execPath, main],
  options: { readonly cwd?: string; readonly withinMs?: number } = {},
): Promise<ProductProcess> {
  const running = launch(environment, command, options.cwd);
  await untilAnswers(running, options.withinMs ?? 30_000);
  return running;
}

const launched = new Set<ChildProcess>();

/** Kills whatever a test that failed left running. */
export function endAll(): void {
  for (const { pid } of launched) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

/** Starts a process in a group of its own and does not wait. */
export function launch(
  environment: Record<string, string>,
  [command, ...words]: readonly [string, ...string[]],
  cwd?: string,
): ProductProcess {
  const child = spawn(command, words, {
    cwd,
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '', UAPI_EGRESS: 'none', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  launched.add(child);
  child.once('exit', () => launched.delete(child));
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  child.stderr?.on('data', (chunk) => (text += String(chunk)));
  return { url: `http://127.0.0.1:${environment['PORT']}`, child, output: () => text };
}

/** Waits until the start is over (it says so) and `/api/health` answers. */
export async function untilAnswers({ url, child, output }: ProductProcess, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}:\n${output()}`);
    const hasStarted = output().includes('Universal API runs');
    const response = hasStarted && (await fetch(`${url}/api/health`).catch(() => undefined));
    if (response && response.ok) return;
    await setTimeout(50);
  }
  throw new Error(`no answer within ${withinMs} ms:\n${output()}`);
}

/** Sends a signal to the whole group and waits for the first process of it to end. */
export async function end({ child }: ProductProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, signal);
  await ended;
}

/** Pid and port of the embedded PostgreSQL, as its lock file says. */
export function readPostmaster(dataFolder: string): { readonly pid: number; readonly port: number } {
  const lines = readFileSync(join(dataFolder, 'pg/postmaster.pid'), 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}
