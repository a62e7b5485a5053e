import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { startTestGateway, type TestGateway } from '../../../test/start-test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const post = (
  path: string,
  type: string | undefined,
  body: RequestInit['body'],
  headers: Record<string, string> = {},
) =>
  gateway.fetch(`/api/v1/testing/${path}`, {
    method: 'POST',
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
    body,
    duplex: 'half',
  } as RequestInit);
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;
const name = (length: number) => JSON.stringify({ username: 'x'.repeat(length - '{"username":""}'.length) });
const chunked = (text: string) => new Blob([text]).stream();

describe('a body', () => {
  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'is JSON: %s',
    async (type) => expect((await post('fields', type, '{}')).status).toBe(200),
  );

  test.each([
    'text/plain',
    'application/json; charset=latin1',
    'application/x-www-form-urlencoded',
    'application/jsonx',
  ])('of another type is refused: %s', async (type) => {
    const response = await post('fields', type, '{}');
    expect(response.status).toBe(415);
    expect(await codeOf(response)).toBe('unsupported_media_type');
  });

  test('without a type is refused, unless it is empty', async () => {
    expect((await post('fields', undefined, new Uint8Array([123, 125]))).status).toBe(415);
    expect((await post('things/t1:cancel', undefined, '')).status).toBe(200);
  });

  test('is a form only where the method takes one', async () => {
    const response = await post('form', 'application/x-www-form-urlencoded', 'username=a+b&topics=x,y');
    expect(await response.json()).toMatchObject({ username: 'a b', topics: ['x', 'y'] });
  });

  test('where none belongs is refused', async () => {
    const headers = { 'content-type': 'application/json', 'x-api-key': gateway.key };
    const response = await gateway.fetch('/api/v1/testing/things/t1', { method: 'DELETE', headers, body: '{}' });
    expect(await response.json()).toMatchObject({ code: 'invalid_request', errors: [{ field: 'body' }] });
  });
});

describe('the size of a body', () => {
  test('is bounded by the method, told or not', async () => {
    expect((await post('form', 'application/json', name(2_048))).status).toBe(200);
    expect((await post('form', 'application/json', chunked(name(2_048)))).status).toBe(200);
    for (const body of [name(2_049), chunked(name(2_049)), chunked(name(300_000))]) {
      const response = await post('form', 'application/json', body);
      expect(response.status).toBe(413);
      expect(await codeOf(response)).toBe('body_too_large');
    }
    expect((await post('form', 'application/json', name(300))).status).toBe(200);
  });

  test('of 10 MB is refused to a caller that sends it all before it listens, and the connection lives on', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    const head = 'Host: x\r\nContent-Type: application/json\r\n';
    const size = 10_000_000;
    const written = new Promise((resolve) => {
      socket.write(`POST /api/v1/testing/form HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n`);
      socket.write(`${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`, resolve);
    });
    await written;
    socket.write(`GET /api/v1/testing/names HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*HTTP\/1.1 200 /);
  });

  test('is 1 MiB where the method names none', async () => {
    const text = (length: number) => JSON.stringify({ fields: { text: 'x'.repeat(length) } });
    expect((await post('fields', 'application/json', text(1_048_000))).status).toBe(200);
    expect((await post('fields', 'application/json', text(1_049_000))).status).toBe(413);
  });

  test('counts after inflation', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    const random = Array.from({ length: 60 }, (_, index) => Math.sin(index).toString(36)).join('');
    const good = await post(
      'form',
      'application/json',
      new Uint8Array(gzipSync(JSON.stringify({ username: random }))),
      gzip,
    );
    expect(await good.json()).toMatchObject({ username: random });
    expect((await post('form', 'application/json', new Uint8Array(gzipSync(name(2_049))), gzip)).status).toBe(413);
    const bomb = gzipSync(JSON.stringify({ fields: { text: 'x'.repeat(900_000) } }));
    expect(bomb.length).toBeLessThan(9_000);
    expect((await post('fields', 'application/json', new Uint8Array(bomb), gzip)).status).toBe(413);
  });

  test('damaged gzip and other codings are refused', async () => {
    const damaged = await post('form', 'application/json', 'no gzip', { 'content-encoding': 'gzip' });
    expect(await codeOf(damaged)).toBe('malformed_body');
    const cut = new Uint8Array(gzipSync(name(500)).subarray(0, 20));
    expect(await codeOf(await post('form', 'application/json', cut, { 'content-encoding': 'gzip' }))).toBe(
      'malformed_body',
    );
    expect((await post('form', 'application/json', '{}', { 'content-encoding': 'br' })).status).toBe(415);
  });
});

describe('a caller that leaves in the middle of a body', () => {
  test.each(['', 'Content-Encoding: gzip\r\n'])('leaves nothing behind: %p', async (header) => {
    const before = gateway.finished.length;
    const socket = connect(gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /api/v1/testing/form HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${header}Content-Length: 500\r\n\r\n{"us`,
    );
    socket.end();
    await once(socket.resume(), 'close');
    while (gateway.finished.length === before) await new Promise(setImmediate);
    expect(gateway.app.inFlight()).toBe(0);
    expect((await post('form', 'application/json', name(300))).status).toBe(200);
  });
});
