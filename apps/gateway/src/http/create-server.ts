import { toProblem, type Problem } from '@universal-api/errors';
import { toIpPartition } from '@universal-api/limits';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { browserHeaders } from './browser-headers.ts';
import type { ClientAddresses } from './client-address.ts';
import { maxUrlCharacters } from './middleware/find-route.ts';

/** What the HTTP server is made of; bounds are those of platform.md 6.4. */
export interface HttpServerParts {
  readonly handler: RequestListener;
  readonly addresses: ClientAddresses;
  readonly newId: () => string;
  readonly isHttps: boolean;
  /** Aborted by `stop`; the application got its signal. */
  readonly draining: AbortController;
  /** Connections from one address (IPv6: one /64) at once; trusted proxies have no bound. */
  readonly maxConnectionsPerAddress?: number;
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
}

/** The listening end of the gateway. */
export interface HttpServer {
  /** Listens and answers the port; port 0 takes a free one. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no more, ends streams and idle connections, waits for calls under way, at most `drainMs`, then cuts. */
  stop(drainMs: number): Promise<void>;
}

/** An HTTP/1.1 server with bounds on headers, time and connections. What is no HTTP is answered with a problem document too. */
export function createHttpServer(parts: HttpServerParts): HttpServer {
  const open = new Set<ServerResponse>();
  const busy = new WeakSet<Socket>();
  const server = createServer(
    {
      maxHeaderSize: 16 * 1_024,
      headersTimeout: parts.headersTimeoutMs ?? 10_000,
      requestTimeout: parts.requestTimeoutMs ?? 30_000,
      connectionsCheckingInterval: 5_000,
      keepAliveTimeout: 65_000,
      // Ours to refuse, with a problem document.
      requireHostHeader: false,
    },
    (request, response) => {
      open.add(response);
      busy.add(request.socket);
      response.once('close', () => {
        open.delete(response);
        busy.delete(request.socket);
        if (parts.draining.signal.aborted) server.closeIdleConnections();
      });
      if (parts.draining.signal.aborted) response.shouldKeepAlive = false;
      parts.handler(request, response);
    },
  );
  // RFC 9110, section 10.1.1: an expectation that nobody knows may be ignored.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
  boundConnections(server, parts);
  answerNonsense(server, parts, busy);
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.removeListener('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    stop: (drainMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), drainMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        for (const response of open) if (!response.headersSent) response.shouldKeepAlive = false;
        parts.draining.abort();
      }),
  };
}

function boundConnections(server: Server, { addresses, maxConnectionsPerAddress = 100 }: HttpServerParts): void {
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = addresses.of(socket.remoteAddress, undefined);
    if (addresses.isTrusted(address)) return;
    const partition = toIpPartition(address);
    const count = counts.get(partition) ?? 0;
    if (count >= maxConnectionsPerAddress) {
      socket.destroy();
      return;
    }
    counts.set(partition, count + 1);
    socket.once('close', () => {
      const left = (counts.get(partition) ?? 1) - 1;
      if (left > 0) counts.set(partition, left);
      else counts.delete(partition);
    });
  });
}

interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

/** Answers what Node's parser refuses: too large headers, contradicting lengths, no HTTP at all. */
function answerNonsense(server: Server, { newId, isHttps }: HttpServerParts, busy: WeakSet<Socket>): void {
  const headers = browserHeaders(isHttps);
  server.on('clientError', (error: ParserError, socket: Socket) => {
    // A caller that is gone, or that was too slow, gets no answer; nor does one who is being answered: bytes of ours would
    // land inside that answer.
    if (
      !socket.writable ||
      busy.has(socket) ||
      error.code === 'ECONNRESET' ||
      error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
    ) {
      socket.destroy();
      return;
    }
    const id = newId();
    const problem = problemOf(error, id);
    const body = JSON.stringify(problem);
    const lines = [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      `X-Request-ID: ${id}`,
      ...[...headers].map(([name, value]) => `${name}: ${value}`),
      'Content-Type: application/problem+json',
      'Cache-Control: no-store',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  });
}

function problemOf({ code, rawPacket }: ParserError, requestId: string): Problem {
  if (code === 'HPE_INVALID_URL') {
    const errors = [{ field: 'path', rule: 'percent-encoded UTF-8' }];
    return toProblem('invalid_request', requestId, { errors });
  }
  if (code !== 'HPE_HEADER_OVERFLOW') return toProblem('invalid_header', requestId);
  const firstLine = rawPacket?.indexOf('\r\n') ?? 0;
  const isUrl = firstLine < 0 || firstLine > maxUrlCharacters;
  return toProblem(isUrl ? 'uri_too_long' : 'headers_too_large', requestId);
}
