import { afterEach, describe, expect, test } from '@jest/globals';
import type { CallContext } from '@universal-api/grpc';
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

/** A gateway whose service tells of the next call it gets. */
async function startWithCall(options: TestGatewayOptions = {}) {
  let tell = (_context: CallContext): void => {};
  const arrived = new Promise<CallContext>((resolve) => (tell = resolve));
  const probe = { ...options.probe, onCall: (context: CallContext) => tell(context) };
  return { ...(await start({ ...options, probe })), arrived };
}

/** A raw connection that has asked for a stream. */
async function ask(port: number, path: string): Promise<{ socket: Socket; until(text: string): Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return {
    socket,
    async until(text) {
      while (!received.includes(text)) await once(socket, 'data');
      return received;
    },
  };
}

const dataLines = (text: string) => text.split('\n').filter((line) => line.startsWith('data: '));

describe('server-sent events', () => {
  test('name the set member, carry its JSON and the id', async () => {
    const { fetch } = await start();
    const response = await fetch('/api/v1/testing/watch?count=2');
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ratelimit: expect.any(String),
    });
    expect(await response.text()).toBe(
      'id: 1\nevent: added\ndata: {"id":"t1","title":"","tags":[],"labels":{}}\n\n' +
        'id: 2\nevent: removed\ndata: {"id":"t2"}\n\n',
    );
  });

  test('go on from Last-Event-ID', async () => {
    const { fetch } = await start();
    const response = await fetch('/api/v1/testing/watch?count=1', { headers: { 'last-event-id': '41' } });
    expect(await response.text()).toMatch(/^id: 42\n/);
    const refused = await fetch('/api/v1/testing/watch?count=1', { headers: { 'last-event-id': 'a b' } });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'invalid_header', errors: [{ field: 'Last-Event-ID' }] });
  });

  test('begin with a problem document when the service refuses', async () => {
    const { fetch } = await start();
    const response = await fetch('/api/v1/testing/watch?refuse=true');
    expect(response.status).toBe(409);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'conflict' });
  });

  test('end with an error event when the service fails later', async () => {
    const { fetch, finished } = await start();
    const response = await fetch('/api/v1/testing/watch?count=5&fail_after=2');
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).not.toContain('secret');
    const [, , last = ''] = dataLines(text);
    expect(text).toContain('\nevent: error\n');
    expect(JSON.parse(last.slice(6))).toMatchObject({ code: 'provider_unavailable', next: { action: 'retry' } });
    expect(finished[0]).toMatchObject({ code: 'provider_unavailable', status: 200 });
  });

  test('send 200 once the service accepted, before any event, then comments', async () => {
    const { port, arrived } = await startWithCall({ settings: { keepAliveMs: 5 } });
    const { until } = await ask(port, '/api/v1/testing/watch?count=0');
    await arrived;
    expect(await until(': keep-alive\n\n')).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  });

  test('end the call down to the service when the caller leaves', async () => {
    const { port, arrived, app } = await startWithCall();
    const { socket, until } = await ask(port, '/api/v1/testing/watch?count=0');
    const { signal } = await arrived;
    await until('\r\n\r\n');
    expect(signal.aborted).toBe(false);
    socket.destroy();
    if (!signal.aborted) await once(signal, 'abort');
    while (app.inFlight() > 0) await new Promise(setImmediate);
  });

  test('wait for a caller that reads slowly, and end when it leaves', async () => {
    let made = 0;
    const probe = { onEvent: () => (made += 1) };
    const { port, arrived } = await startWithCall({ probe });
    const { socket, until } = await ask(port, '/api/v1/testing/watch?padding=60000');
    const { signal } = await arrived;
    await until('event: removed');
    socket.pause();
    // Without back-pressure an endless stream would make an event a turn, 60 kB each; buffers on the way take some of them.
    for (let turn = 0; turn < 20_000; turn += 1) await new Promise(setImmediate);
    expect(made).toBeLessThan(1_000);
    socket.destroy();
    if (!signal.aborted) await once(signal, 'abort');
  });

  test('end with the time to come back when the gateway stops', async () => {
    const { port, server, arrived } = await startWithCall();
    const { until, socket } = await ask(port, '/api/v1/testing/watch?count=0');
    await arrived;
    await until('\r\n\r\n');
    const ended = once(socket, 'close');
    await server.stop(5_000);
    await ended;
    expect(await until('retry: 1000\n\n')).toContain('retry: 1000\n\n');
  });

  test('to HEAD are headers alone', async () => {
    const { fetch, app } = await start();
    const response = await fetch('/api/v1/testing/watch', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    while (app.inFlight() > 0) await new Promise(setImmediate);
  });
});

describe('NDJSON', () => {
  const headers = { accept: 'application/x-ndjson' };
  test('is one whole message a line', async () => {
    const { fetch } = await start();
    const response = await fetch('/api/v1/testing/watch?count=2', { headers });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { cursor: '1', added: { id: 't1', title: '', tags: [], labels: {} } },
      { cursor: '2', removed: { id: 't2' } },
    ]);
  });

  test('ends with the problem when the service fails', async () => {
    const { fetch } = await start();
    const text = await (await fetch('/api/v1/testing/watch?count=2&fail_after=1', { headers })).text();
    expect(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      error: { code: 'provider_unavailable' },
    });
  });
});

describe('a unary call', () => {
  test('ends down to the service when the caller leaves', async () => {
    const { port, arrived, finished } = await startWithCall();
    const { socket } = await ask(port, '/api/v1/testing/hold');
    const { signal } = await arrived;
    socket.destroy();
    if (!signal.aborted) await once(signal, 'abort');
    while (finished.length === 0) await new Promise(setImmediate);
    expect(finished[0]?.code).toBe('cancelled');
  });
});
