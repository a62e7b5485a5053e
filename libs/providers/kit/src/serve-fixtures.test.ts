import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createProviderNetwork } from './provider-network.ts';
import { loadFixtures, serveFixtures, type Fixture, type FixturePlayer } from './serve-fixtures.ts';

const fixture = (change: Partial<Fixture>): Fixture => ({
  file: 'a.b.success.json',
  operation: 'a.b',
  case: 'success',
  source: 'https://example.org, 2026-11-24',
  request: { host: 'base', method: 'GET', path: '/items/{id}', query: { lang: 'en', q: '{text}' } },
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: { ok: true },
  ...change,
});

describe('playing', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  const get = (path: string, signal = new AbortController().signal) =>
    network.http.get({ url: `${player.url}${path}`, headers: {}, signal, maxBytes: 1000 });

  beforeEach(async () => {
    player = await serveFixtures({
      x: [
        fixture({}),
        fixture({ file: 'a.b.empty.json', case: 'empty', status: 404, body: 'nothing' }),
        fixture({ file: 'a.c.success.json', operation: 'a.c', body: { ok: 'c' } }),
      ],
    });
  });
  afterEach(() => player.close());

  test('the fixture that fits answers, with any value for a name in braces', async () => {
    expect(await get('/x/base/items/a%20b?q=1&lang=en&more=1')).toMatchObject({ status: 200, body: '{"ok":true}' });
    expect(player.requests).toEqual([
      expect.objectContaining({ url: '/base/items/a%20b?q=1&lang=en&more=1', file: 'a.b.success.json' }),
    ]);
  });

  test.each([
    '/x/base/items?q=1&lang=en',
    '/x/base/items/1?lang=en',
    '/x/base/items/1?q=1&lang=fr',
    '/x/other/items/1?q=1&lang=en',
    '/y/base/items/1?q=1&lang=en',
  ])('%s fits none: 501, never a wrong answer', async (path) => {
    expect((await get(path)).status).toBe(501);
    expect(player.requests[0]?.file).toBeUndefined();
  });

  test('another case or operation is played when told', async () => {
    player.play('empty');
    expect(await get('/x/base/items/1?q=1&lang=en')).toMatchObject({ status: 404, body: 'nothing' });
    player.play('success', 'a.c');
    expect((await get('/x/base/items/1?q=1&lang=en')).body).toBe('{"ok":"c"}');
  });

  test('stalled, a request arrives and is not answered', async () => {
    player.stall();
    const controller = new AbortController();
    const arrived = player.nextRequest();
    const asked = get('/x/base/items/1?q=1&lang=en', controller.signal);
    await arrived;
    controller.abort(new Error('over'));
    await expect(asked).rejects.toThrow('over');
  });
});

describe('loading', () => {
  const load = async (file: string, content: unknown) => {
    const folder = await mkdtemp(join(tmpdir(), 'fixtures-'));
    await writeFile(join(folder, file), JSON.stringify(content));
    return loadFixtures(pathToFileURL(`${folder}/`)).finally(() => rm(folder, { recursive: true }));
  };
  const { source, request, status, headers, body } = fixture({});
  const content = { source, request, status, headers, body };

  test('operation and case come from the name, with or without a step', async () => {
    expect(await load('a.b.rate-limited.json', content)).toMatchObject([{ operation: 'a.b', case: 'rate-limited' }]);
    expect(await load('a.b.success.2.json', content)).toMatchObject([{ operation: 'a.b', case: 'success' }]);
  });

  test('what is not a fixture is refused by its name', async () => {
    await expect(load('success.json', content)).rejects.toThrow('success.json: the name is not');
    await expect(load('a.b.empty.json', { ...content, source: '' })).rejects.toThrow('a.b.empty.json: source,');
  });
});
