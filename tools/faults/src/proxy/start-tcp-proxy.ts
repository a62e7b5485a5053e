import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Weather } from './carry-bytes.ts';
import { joinSockets, type Line } from './join-sockets.ts';

/** Where the proxy sends what it takes. */
export interface ProxyTarget {
  readonly port: number;
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  /** Port of the proxy itself on 127.0.0.1; absent or 0: a free one. */
  readonly listenOn?: number;
}

/** A TCP proxy on 127.0.0.1 that makes a network misbehave. Each fault acts on open and on later connections alike. */
export interface TcpProxy {
  readonly port: number;
  /** Connections through it at this moment. */
  readonly open: number;
  /** Every chunk arrives this much later, each way. */
  delay(ms: number): void;
  /** At most so many bytes a second, each way of each connection. */
  limitRate(bytesPerSecond: number): void;
  /** Keeps connections open and takes new ones, and carries nothing in either direction, not even the end of one. */
  halfOpen(): void;
  /** Resets every open connection; new ones go through. */
  cut(): void;
  /** Resets every open connection and refuses new ones until `heal`. */
  refuse(): Promise<void>;
  /** Ends every fault; what was held back goes on. */
  heal(): Promise<void>;
  /** Resets what is open and closes the port. */
  stop(): Promise<void>;
}

/** Starts a proxy before a server. Errors: a port that is taken. */
export async function startTcpProxy({
  port: targetPort,
  host = '127.0.0.1',
  listenOn = 0,
}: ProxyTarget): Promise<TcpProxy> {
  const weather: Weather = { delayMs: 0, bytesPerSecond: Infinity, isSilent: false };
  const lines = new Set<Line>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (left: Socket) => {
    // A silent network lets a caller in, as the queue of a frozen server does; its bytes stay where they are.
    const right = connect({ port: targetPort, host, allowHalfOpen: true });
    const line = joinSockets(left, right, weather);
    lines.add(line);
    right.once('connect', () => line.wake());
    for (const socket of [left, right]) {
      socket.once('close', () => {
        if (left.destroyed && right.destroyed) lines.delete(line);
      });
    }
  });
  const port = await listen(server, listenOn);
  const cut = () => {
    for (const line of lines) line.cut();
  };
  return {
    port,
    get open() {
      return lines.size;
    },
    delay: (ms) => void (weather.delayMs = ms),
    limitRate: (bytesPerSecond) => void (weather.bytesPerSecond = bytesPerSecond),
    halfOpen: () => void (weather.isSilent = true),
    cut,
    async refuse() {
      const closed = close(server);
      cut();
      await closed;
    },
    async heal() {
      Object.assign(weather, { delayMs: 0, bytesPerSecond: Infinity, isSilent: false });
      for (const line of lines) line.wake();
      if (!server.listening) await listen(server, port);
    },
    async stop() {
      const closed = close(server);
      cut();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return address.port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  await closed;
}
