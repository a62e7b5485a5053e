import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startNameServer } from '../test/name-server.ts';
import { createProviderNetwork, type ProviderNetwork } from './provider-network.ts';
import { createNameResolver } from './resolve-name.ts';

let upstream: Server;
let origin: string;
let answer: RequestListener;
let network: ProviderNetwork;
const connections = new Set<Socket>();
const get = (url: string, options: { signal?: AbortSignal; maxBytes?: number } = {}) =>
  network.http.get({ url, headers: {}, signal: new AbortController().signal, maxBytes: 10_000, ...options });

beforeEach(async () => {
  connections.clear();
  answer = (_request, response) => response.end('{}');
  upstream = createServer((request, response) => answer(request, response));
  upstream.on('connection', (socket: Socket) => connections.add(socket));
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  network = createProviderNetwork({ egress: 'all' });
});
afterEach(async () => {
  await network.close();
  upstream.closeAllConnections();
  upstream.close();
  await once(upstream, 'close');
});

describe('an answer', () => {
  test('has status, headers and text whatever the status', async () => {
    answer = (request, response) => response.writeHead(418, { 'x-what': 'tea' }).end(`é ${request.url}`);
    const got = await get(`${origin}/a?b=c`);
    expect(got).toMatchObject({ status: 418, body: 'é /a?b=c' });
    expect(got.headers['x-what']).toBe('tea');
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is decoded from %s', async (encoding, compress) => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(compress(Buffer.from('{"a":1}')));
    expect((await get(origin)).body).toBe('{"a":1}');
  });

  test('comes over a connection that is kept', async () => {
    for (let count = 0; count < 20; count += 1) await get(origin);
    // Two, since the next request may come in the very turn in which the first connection becomes free.
    expect(connections.size).toBeLessThanOrEqual(2);
  });

  test('a redirect is not followed', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
    expect((await get(origin)).status).toBe(302);
  });
});

describe('no whole answer', () => {
  test('a body above the limit is refused, also one that only grows when decoded', async () => {
    answer = (_request, response) => response.end('x'.repeat(10_001));
    await expect(get(origin)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    answer = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000)));
    await expect(get(origin)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  test('an encoding that was not asked for, or is broken, is refused', async () => {
    for (const encoding of ['zstd', 'gzip']) {
      answer = (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end('not that');
      await expect(get(origin)).rejects.toThrow();
    }
  });

  test('a connection cut in the middle, or refused, is an error', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a":');
      setImmediate(() => response.socket?.destroy());
    };
    await expect(get(origin)).rejects.toThrow();
    await expect(get('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('the signal ends a request before, while and after it is sent', async () => {
    const over = new Error('over');
    await expect(get(origin, { signal: AbortSignal.abort(over) })).rejects.toBe(over);
    const controller = new AbortController();
    answer = (_request, response) => {
      response.writeHead(200).write('{');
      controller.abort(over);
    };
    await expect(get(origin, { signal: controller.signal })).rejects.toBe(over);
  });

  test('the signal ends a request that waits for a name', async () => {
    const server = await startNameServer();
    server.isSilent = true;
    const resolver = createNameResolver({ servers: [server.address], hostsFile: '/nowhere', timeoutMs: 4000 });
    const waiting = createProviderNetwork({ egress: 'all', resolver });
    const controller = new AbortController();
    const asked = waiting.http.get({ url: 'http://a.example/', headers: {}, signal: controller.signal, maxBytes: 1 });
    controller.abort(new Error('over'));
    await expect(asked).rejects.toThrow('over');
    await waiting.close();
    await server.close();
  }, 2000);
});

describe('names', () => {
  test('are resolved by the resolver that was handed in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hosts-'));
    const hostsFile = join(folder, 'hosts');
    await writeFile(hostsFile, '127.0.0.1 upstream.example\n');
    const named = createProviderNetwork({ egress: 'all', resolver: createNameResolver({ hostsFile }) });
    const url = origin.replace('127.0.0.1', 'upstream.example');
    const got = await named.http.get({ url, headers: {}, signal: new AbortController().signal, maxBytes: 100 });
    expect(got.body).toBe('{}');
    await named.close();
    await rm(folder, { recursive: true });
  });

  test('of all candidates are looked up together, once, and known names cost nothing', async () => {
    const server = await startNameServer({ 'a.example': ['192.0.2.1'], 'b.example': ['192.0.2.2'] });
    const resolver = createNameResolver({ servers: [server.address], hostsFile: '/nowhere' });
    const named = createProviderNetwork({ egress: 'all', resolver });
    await named.lookUp(['a.example', 'b.example', '127.0.0.1']);
    expect(server.queries).toHaveLength(4);
    expect(named.lookUp(['a.example', 'b.example', '127.0.0.1'])).toBeUndefined();
    await named.close();
    await server.close();
  });

  test('offline once known, an attempt ends without a query', async () => {
    const server = await startNameServer();
    server.isSilent = true;
    const resolver = createNameResolver({ servers: [server.address], hostsFile: '/nowhere', timeoutMs: 50 });
    const named = createProviderNetwork({ egress: 'all', resolver });
    await named.start(['a.example', 'b.example']);
    expect(named.state()).toBe('offline');
    const asked = server.queries.length;
    const signal = new AbortController().signal;
    const attempts = Array.from({ length: 50 }, () =>
      named.http.get({ url: 'http://a.example/', headers: {}, signal, maxBytes: 1 }),
    );
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(server.queries).toHaveLength(asked);
    await named.close();
    await server.close();
  });
});

describe('egress', () => {
  test('none: nothing leaves, no look-up either', async () => {
    const server = await startNameServer({ 'a.example': ['192.0.2.1'] });
    const resolver = createNameResolver({ servers: [server.address], hostsFile: '/nowhere' });
    const closed = createProviderNetwork({ egress: 'none', resolver });
    await closed.start(['a.example']);
    await closed.lookUp(['a.example']);
    const signal = new AbortController().signal;
    for (const url of [origin, 'http://a.example/']) {
      await expect(closed.http.get({ url, headers: {}, signal, maxBytes: 1 })).rejects.toThrow('egress is off');
    }
    expect([closed.state(), closed.egress, server.queries, connections.size]).toEqual(['offline', 'none', [], 0]);
    await closed.close();
    await server.close();
  });

  test('a proxy carries what is not on loopback, and resolves its name', async () => {
    const targets: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket, head: Buffer) => {
      targets.push(request.url ?? '');
      const onward = connect((upstream.address() as AddressInfo).port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
    });
    proxy.on('request', (request, response) => {
      targets.push(request.url ?? '');
      response.end('{"by":"proxy"}');
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const proxied = createProviderNetwork({
      egress: 'all',
      proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    });
    const signal = new AbortController().signal;
    await proxied.http.get({ url: `${origin}/direct`, headers: {}, signal, maxBytes: 100 });
    expect(targets).toEqual([]);
    const got = await proxied.http.get({ url: 'http://far.example/x', headers: {}, signal, maxBytes: 100 });
    expect(got.status).toBe(200);
    await proxied.http.get({ url: 'http://192.0.2.1/y', headers: {}, signal, maxBytes: 100 });
    expect(targets).toHaveLength(2);
    expect(targets[0]).toContain('far.example');
    expect(targets[1]).toContain('192.0.2.1');
    await proxied.close();
    proxy.closeAllConnections();
    proxy.close();
    await once(proxy, 'close');
  });
});
