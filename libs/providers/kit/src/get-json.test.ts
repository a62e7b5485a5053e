import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { HttpAnswer, HttpGet, ProviderManifest } from '@universal-api/providers-spec';
import { exampleManifest } from '../test/example-manifest.ts';
import { getJson } from './get-json.ts';
import { loadKey } from './load-key.ts';
import { ProviderFailure } from './provider-failure.ts';
import { recordContext } from './provider.contract.ts';

const secret = 'se/cret+1';
const anything = { parse: (value: unknown) => value };

/** Asks once, of an upstream that gives this answer or throws this error. */
async function ask(given: Partial<HttpAnswer> | Error, options: { manifest?: Partial<ProviderManifest> } = {}) {
  const sent: HttpGet[] = [];
  const context = recordContext();
  const settings = {
    hosts: { base: 'https://x.example' },
    key: loadKey('KEY', { KEY: secret }),
    userAgent: 'universal-api/0.0.0',
    http: {
      get(request: HttpGet): Promise<HttpAnswer> {
        sent.push(request);
        if ('stack' in given) return Promise.reject(given);
        return Promise.resolve({ status: 200, headers: {}, body: '{}', ...given });
      },
    },
  };
  const manifest = { ...exampleManifest, ...options.manifest };
  const url = `https://x.example/?key=${encodeURIComponent(secret)}`;
  const outcome = await getJson({ url, schema: anything, context, manifest, settings, headers: { 'x-a': 'b' } }).catch(
    (error: unknown) => error,
  );
  return { outcome, context, sent };
}

describe('ok', () => {
  test('gives what the schema makes of the JSON, asked with our name and the wanted headers', async () => {
    const { outcome, sent } = await ask({ body: '{"a":[1,null]}' });
    expect(outcome).toEqual({ a: [1, null] });
    expect(sent[0]?.headers).toEqual({ accept: 'application/json', 'user-agent': 'universal-api/0.0.0', 'x-a': 'b' });
    expect(sent[0]?.maxBytes).toBe(2 * 1024 * 1024);
  });

  test('freshness is passed on only where it must be honoured', async () => {
    const headers = { 'cache-control': 'max-age=60' };
    expect((await ask({ headers })).context.expiries).toEqual([]);
    expect((await ask({ headers }, { manifest: { honoursExpiry: true } })).context.expiries).toHaveLength(1);
  });
});

describe('failures', () => {
  test.each([
    ['HTML under 200', { body: '<html>Welcome</html>' }, 'malformed'],
    ['an empty body', { status: 204, body: '' }, 'malformed'],
    ['half a JSON', { body: '{"a":' }, 'malformed'],
    ['a refused key', { status: 401 }, 'auth'],
    ['too many calls', { status: 429, headers: { 'retry-after': '9' } }, 'quota_exhausted'],
    ['a server error', { status: 500 }, 'retry_elsewhere'],
    ['a connection that breaks', Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'retry_elsewhere'],
    ['a body too large', Object.assign(new Error('large'), { code: 'TOO_LARGE' }), 'malformed'],
  ])('%s is its class', async (_name, given, failure) => {
    const { outcome } = await ask(given);
    expect(outcome).toMatchObject({ provider: 'example', failure });
    expect(ProviderFailure.is(outcome)).toBe(true);
  });

  test('an answer that the schema refuses is malformed', async () => {
    const schema = {
      parse(): never {
        throw new Error('no temperature');
      },
    };
    const settings = {
      hosts: {},
      userAgent: '',
      http: { get: () => Promise.resolve({ status: 200, headers: {}, body: '{}' }) },
    };
    const asked = getJson({ url: 'https://x', schema, context: recordContext(), manifest: exampleManifest, settings });
    await expect(asked).rejects.toMatchObject({
      failure: 'malformed',
      message: expect.stringContaining('temperature'),
    });
  });

  test('no text of an error holds the credential, whichever way an upstream repeats it', async () => {
    for (const echoed of [secret, encodeURIComponent(secret)]) {
      const long = `${'x'.repeat(490)}${echoed}`;
      for (const given of [{ status: 403, body: `bad ${echoed}` }, { status: 403, body: long }, new Error(echoed)]) {
        const { outcome } = await ask(given);
        expect(inspect(outcome, { depth: 10, showHidden: true })).not.toContain(echoed.slice(0, 4));
      }
      const { outcome } = await ask({ body: `${echoed}` });
      expect(inspect(outcome, { depth: 10, showHidden: true })).not.toContain(echoed.slice(0, 4));
    }
    expect((await ask({ status: 403, body: `bad ${secret}` })).outcome).toMatchObject({
      message: 'example: 403 bad ***',
    });
  });
});
