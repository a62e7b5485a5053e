import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../test/start-test-gateway.ts';

let gateway: TestGateway | undefined;
const sockets: Socket[] = [];
const start = async (options: TestGatewayOptions = {}) => (gateway = await startTestGateway(options));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway?.stop();
  gateway = undefined;
});

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Everything the server says until it closes. */
async function say(port: number, text: string): Promise<string> {
  const socket = await open(port);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {}); // A reset after the answer is a close like any other.
  const closed = once(socket, 'close');
  socket.write(text);
  await closed;
  return Buffer.concat(chunks).toString();
}

describe('what is no proper request', () => {
  test.each([
    [
      'headers of 64 KiB',
      `GET /api/v1/testing/names HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(65_536)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    ['a URL of 20 KiB', `GET /${'y'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414, 'uri_too_long'],
    [
      'a URL of 9,000 characters',
      `GET /api/v1/${'y'.repeat(9_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      414,
      'uri_too_long',
    ],
    [
      'Content-Length and Transfer-Encoding',
      'POST /api/v1/testing/things HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      400,
      'invalid_header',
    ],
    [
      'Transfer-Encoding and Content-Length',
      'POST /api/v1/testing/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      400,
      'invalid_header',
    ],
    [
      'two lengths',
      'POST /api/v1/testing/things HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      400,
      'invalid_header',
    ],
    [
      'a URL that is not escaped',
      'GET /api/v1/testing/files/Orléans HTTP/1.1\r\nHost: x\r\n\r\n',
      400,
      'invalid_request',
    ],
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'invalid_header'],
  ])('is answered with a problem document: %s', async (_name, text, status, code) => {
    const { port, fetch } = await start();
    const answer = await say(port, text);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(head.toLowerCase()).toContain('x-content-type-options: nosniff');
    expect(head.toLowerCase()).toMatch(/x-request-id: \S{8}/);
    expect(JSON.parse(body)).toMatchObject({ code, status, next: { action: 'fix' } });
    expect((await fetch('/api/v1/testing/names')).status).toBe(200);
  });
});

describe('a request for an absolute URL', () => {
  test('is served as one for its path', async () => {
    const { port } = await start();
    const answer = await say(
      port,
      'GET http://x/api/v1/testing/names HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toContain('["anvil","bell"]');
    expect(await say(port, 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain('route_not_found');
  });
});

describe('connections', () => {
  test('from one address are bounded, and a place that is left can be taken', async () => {
    const { port } = await start({ maxConnectionsPerAddress: 2 });
    const [first] = [await open(port), await open(port)];
    const third = await open(port);
    await once(third, 'close');
    first.destroy();
    let answer = '';
    // The server learns of the closed connection in its own time.
    while (answer === '') answer = await say(port, 'GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer).toContain('404');
  });

  test('from a trusted proxy are not', async () => {
    const { port } = await start({ maxConnectionsPerAddress: 1, trustedProxies: ['127.0.0.0/8'] });
    await open(port);
    expect(await say(port, 'GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain('404');
  });
});

describe('a stop', () => {
  test('lets calls end, says close, and takes no more', async () => {
    const arrived = new Promise<void>((resolve) => void (onCall = resolve));
    const { port, server } = await start({ probe: { onCall: () => onCall() }, settings: { deadlineMs: 400 } });
    const answer = say(port, 'GET /api/v1/testing/hold HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived;
    const stopped = server.stop(5_000);
    expect(await answer).toMatch(/^HTTP\/1.1 504 [\s\S]*\r\nConnection: close\r\n/);
    await stopped;
    await expect(open(port)).rejects.toThrow('ECONNREFUSED');
  });

  test('cuts what does not end in time', async () => {
    const arrived = new Promise<void>((resolve) => void (onCall = resolve));
    const { port, server } = await start({ probe: { onCall: () => onCall() } });
    const answer = say(port, 'GET /api/v1/testing/hold HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived;
    await server.stop(50);
    expect(await answer).toBe('');
  });
});

let onCall = (): void => {};
