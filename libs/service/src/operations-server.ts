import { logLevels, type Logger, type LogLevel } from '@universal-api/logging';
import type { Metrics } from '@universal-api/telemetry';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OperationsRoute } from './host.ts';
import type { Readiness } from './readiness.ts';

/** What the operations port shows: the apps of this process, its metrics, its log level. */
export interface OperationsOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Readiness by app; empty while the process starts. */
  readonly apps: () => ReadonlyMap<string, Readiness>;
  /** What the apps show beside that; asked for with each request. */
  readonly routes?: () => readonly OperationsRoute[];
}

/** The operations port of a process; not for the public. */
export interface OperationsServer {
  readonly port: number;
  close(): Promise<void>;
}

const tickMs = 250;
const longestTurnMs = 1_000;
const ownPaths = ['/health/live', '/health/ready', '/metrics', '/log-level'];

/**
 * Serves `/health/live` (the event loop turned within a second), `/health/ready` (every app of the process is ready),
 * `/metrics` (Prometheus), `/log-level` (GET, and PUT with the level as text, from loopback only) and what the apps bring.
 */
export async function serveOperations(options: OperationsOptions): Promise<OperationsServer> {
  let lastTurn = performance.now();
  const turns = setInterval(() => (lastTurn = performance.now()), tickMs).unref();
  const server = createServer((request, response) => {
    answer(request, response, options, () => performance.now() - lastTurn).catch((error: unknown) => {
      options.log.error('an operations request failed', { err: error });
      send(response, 500, { status: 'failed' });
    });
  });
  server.requestTimeout = 10_000;
  const port = await listen(server, options.host, options.port);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        clearInterval(turns);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: OperationsOptions,
  sinceTurnMs: () => number,
): Promise<void> {
  const [path] = (request.url ?? '').split('?');
  if (path === '/health/live') {
    const isAlive = sinceTurnMs() < longestTurnMs;
    return send(response, isAlive ? 200 : 503, { status: isAlive ? 'alive' : 'stalled' });
  }
  if (path === '/health/ready') return answerReady(response, options);
  if (path === '/metrics') {
    const { text, contentType } = await options.metrics.expose();
    response.writeHead(200, { 'content-type': contentType }).end(text);
    return;
  }
  if (path === '/log-level') return answerLogLevel(request, response, options.log);
  const routes = options.routes?.() ?? [];
  const route = routes.find((known) => known.path === path);
  if (route) return send(response, 200, await route.answer());
  const paths = [...ownPaths, ...routes.map((known) => known.path)];
  send(response, 404, { status: 'not found', paths });
}

async function answerReady(response: ServerResponse, { apps }: OperationsOptions): Promise<void> {
  const entries = await Promise.all([...apps()].map(async ([name, app]) => [name, await app.report()] as const));
  const isReady = entries.length > 0 && entries.every(([, report]) => report.isReady);
  send(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', apps: Object.fromEntries(entries) });
}

async function answerLogLevel(request: IncomingMessage, response: ServerResponse, log: Logger): Promise<void> {
  if (request.method === 'GET') return send(response, 200, { level: log.level() });
  if (request.method !== 'PUT') return send(response, 405, { status: 'method not allowed' });
  if (!isLoopback(request.socket.remoteAddress)) return send(response, 403, { status: 'from loopback only' });
  const level = await readShort(request);
  if (!isLevel(level)) return send(response, 400, { status: 'unknown level', levels: logLevels });
  log.setLevel(level);
  send(response, 200, { level });
}

async function readShort(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 64) break;
  }
  return text.trim();
}

function isLevel(text: string): text is LogLevel {
  return (logLevels as readonly string[]).includes(text);
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || address?.replace('::ffff:', '').startsWith('127.') === true;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
  });
}
