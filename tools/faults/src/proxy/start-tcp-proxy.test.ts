import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { startTcpProxy, type TcpProxy } from './start-tcp-proxy.ts';

/** Answers every byte with itself. */
let echo: Server;
let proxy: TcpProxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startTcpProxy({ port: portOf(echo) });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.stop();
  const closed = once(echo, 'close');
  echo.close();
  await closed;
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** What comes back until so many bytes are there. */
async function read(socket: Socket, length: number): Promise<string> {
  let text = '';
  while (text.length < length) text += String((await once(socket, 'data'))[0]);
  return text;
}

const errorOf = async (socket: Socket): Promise<unknown> => {
  const [error] = await once(socket, 'error');
  return (error as NodeJS.ErrnoException).code;
};

/** As long as bytes of these connections would have needed. */
async function roundTrip(): Promise<void> {
  const socket = connect(portOf(echo), '127.0.0.1', () => socket.end('m'));
  await read(socket, 1);
}

describe('without a fault', () => {
  test('bytes go both ways, in order, however many', async () => {
    const socket = await open();
    const sent = Array.from({ length: 200_000 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('');
    socket.write(sent);
    expect(await read(socket, sent.length)).toBe(sent);
  });

  test('the end of one side reaches the other after its last byte', async () => {
    const socket = await open();
    socket.end('last words');
    expect(await read(socket, 10)).toBe('last words');
    await once(socket, 'close');
  });

  test('a target that is not there resets the caller', async () => {
    const away = await startTcpProxy({ port: 1 });
    try {
      const socket = connect(away.port, '127.0.0.1');
      sockets.push(socket);
      expect(await errorOf(socket)).toBe('ECONNRESET');
    } finally {
      await away.stop();
    }
  });
});

describe('delay and rate', () => {
  test('an answer takes the delay twice, and many bytes under way do not wait for each other', async () => {
    proxy.delay(100);
    const socket = await open();
    const startedAt = performance.now();
    for (let part = 0; part < 20; part += 1) socket.write('x'.repeat(10));
    await read(socket, 200);
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThanOrEqual(195);
    // Twenty one after the other would be 4 s.
    expect(tookMs).toBeLessThan(2_000);
  });

  test('a rate holds bytes back, and heal lets them go', async () => {
    proxy.limitRate(1_000);
    const socket = await open();
    const startedAt = performance.now();
    socket.write('x'.repeat(300));
    await read(socket, 300);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(300);
    await proxy.heal();
    socket.write('y'.repeat(100_000));
    expect((await read(socket, 100_000)).length).toBe(100_000);
  });
});

describe('half open', () => {
  test('nothing arrives on open and on new connections, none is closed, and heal delivers what was held back', async () => {
    const before = await open();
    before.write('a');
    await read(before, 1);
    proxy.halfOpen();
    before.write('kept');
    const during = await open();
    during.end('also kept');
    await roundTrip();
    expect([before.readableLength, during.readableLength, before.destroyed, during.destroyed]).toEqual([
      0,
      0,
      false,
      false,
    ]);
    const texts = Promise.all([read(before, 4), read(during, 9)]);
    await proxy.heal();
    expect(await texts).toEqual(['kept', 'also kept']);
  });
});

describe('cut and refuse', () => {
  test('cut resets what is open and lets new connections through', async () => {
    const socket = await open();
    socket.write('a');
    await read(socket, 1);
    const error = errorOf(socket);
    proxy.cut();
    expect(await error).toBe('ECONNRESET');
    const again = await open();
    again.write('b');
    expect(await read(again, 1)).toBe('b');
    expect(proxy.open).toBe(1);
  });

  test('refuse resets what is open and refuses new connections until heal, on the same port', async () => {
    const socket = await open();
    socket.write('a');
    await read(socket, 1);
    const error = errorOf(socket);
    await proxy.refuse();
    expect(await error).toBe('ECONNRESET');
    await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.heal();
    const again = await open();
    again.write('b');
    expect(await read(again, 1)).toBe('b');
  });
});
