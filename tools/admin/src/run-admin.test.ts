import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withClient } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { readApiKey } from '@universal-api/principal';
import { allMigrations } from '@universal-api/standalone/migrate';
import { randomBytes } from 'node:crypto';
import { runAdmin } from './run-admin.ts';

let database: TestDatabase;
let empty: TestDatabase;
beforeAll(async () => {
  [database, empty] = [await createTestDatabase({ schemas: [] }), await createTestDatabase({ schemas: [] })];
}, 60_000);
afterAll(async () => {
  await database.drop();
  await empty.drop();
});

const pepper = `v1:${randomBytes(32).toString('base64')}`;

async function run(words: string, environment: Record<string, string> = {}) {
  const printed = { out: '', err: '' };
  const code = await runAdmin({
    words: words.split(' ').filter((word) => word !== ''),
    environment: { DATABASE_URL: database.url, AUTH_KEY_PEPPER: pepper, ...environment },
    user: 'ada',
    out: async (text) => void (printed.out += text),
    err: async (text) => void (printed.err += text),
  });
  return { code, ...printed };
}

const json = async (words: string, environment?: Record<string, string>) => {
  const { code, out, err } = await run(`${words} --json`, environment);
  expect(err).toBe('');
  return { code, answer: JSON.parse(out) as Record<string, unknown> };
};

/** In the order of a new installation; each test stands on the one before. */
describe('a new database', () => {
  test('is refused by bootstrap in a sentence that says what to do', async () => {
    const { code, out, err } = await run('bootstrap');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^The database is older than this version: .*; run the migrations first\.\n$/);
  });

  test('is migrated by four at once, each migration by one of them, and then has every schema', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => json('migrate')));
    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const applied = answers.flatMap(({ answer }) => answer['applied'] as string[]);
    expect(new Set(applied).size).toBe(applied.length);
    const schemas = await withClient(database.url, async (client) => {
      const { rows } = await client.query<{ nspname: string }>('SELECT nspname FROM pg_namespace');
      return rows.map(({ nspname }) => nspname);
    });
    expect(schemas).toEqual(expect.arrayContaining([...allMigrations.map(({ schema }) => schema), 'bullmq']));
  }, 60_000);

  test('is not touched by a second migrate', async () => {
    expect(await run('migrate')).toEqual({ code: 0, out: 'The database is up to date.\n', err: '' });
  });

  test('gets one key from bootstrap, shown once, however often it is called', async () => {
    const answers = await Promise.all(Array.from({ length: 3 }, () => json('bootstrap')));
    const made = answers.filter(({ answer }) => answer['made'] === true);
    expect(made.length).toBe(1);
    const { key, id12 } = made[0]?.answer ?? {};
    expect(readApiKey(String(key))).toMatchObject({ id12, mode: 'live' });
    const again = await run('bootstrap');
    expect(again).toEqual({ code: 0, out: `The first key was shown before. Its public part is ${id12}.\n`, err: '' });
  });
});

describe('for people', () => {
  test('the key comes with a call to try, at the address that callers see', async () => {
    await run('migrate', { DATABASE_URL: empty.url });
    const { code, out } = await run('bootstrap', { DATABASE_URL: empty.url, PUBLIC_BASE_URL: 'https://api.example/' });
    expect(code).toBe(0);
    expect(out).toMatch(
      /curl -H 'Authorization: Bearer uapi_live_\w+' 'https:\/\/api\.example\/api\/v1\/countries\/PE'\n$/,
    );
  }, 60_000);

  test('help is printed and nothing done', async () => {
    const { code, out } = await run('bootstrap --help', { DATABASE_URL: '' });
    expect(code).toBe(0);
    for (const name of ['secrets init', 'migrate', 'topics apply', 'bootstrap', '--json']) expect(out).toContain(name);
  });
});

describe('not understood', () => {
  test.each([
    ['', 'A command is missing. See --help.\n', {}],
    ['migrate', 'DATABASE_URL: is not set; the command works on that database', { DATABASE_URL: '' }],
    ['topics apply', 'KAFKA_BROKERS: is not set; the command works on those brokers', {}],
    ['topics apply', 'KAFKA_BROKERS: host:port', { KAFKA_BROKERS: 'kafka' }],
    ['bootstrap', 'AUTH_KEY_PEPPER: is not set', { AUTH_KEY_PEPPER: '' }],
  ])('%j ends with 2 and %j', async (words, sentence, environment) => {
    const { code, out, err } = await run(words, environment);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });
});

describe('the address of a database for secrets init', () => {
  test.each([
    ['mysql://a@b/c', 'is no URL such as'],
    ['postgresql://b/c', 'is no URL such as'],
    ['postgresql://a:hidden@b/c', 'has a password'],
  ])('%s is refused, and a password in it is not repeated', async (url, sentence) => {
    const { code, out, err } = await run(`secrets init --database-url ${url} --folder /nowhere/at/all`);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
    expect(err).not.toContain('hidden');
  });
});

describe('out of reach', () => {
  test.each([
    ['migrate', { DATABASE_URL: 'postgresql://uapi:swordfish@127.0.0.1:1/uapi' }],
    ['bootstrap', { DATABASE_URL: 'postgresql://uapi:swordfish@127.0.0.1:1/uapi' }],
    ['topics apply', { KAFKA_BROKERS: '127.0.0.1:1,[::1]:1' }],
  ])('%s ends with 3, says where, and shows no password', async (words, environment) => {
    const { code, answer } = await json(words, environment);
    expect(code).toBe(3);
    expect(answer).toEqual({ error: { end: 'unreachable', message: expect.stringContaining('127.0.0.1:1') } });
    expect(JSON.stringify(answer)).not.toContain('swordfish');
  });
});

describe('refused', () => {
  test('a login that is not let in ends with 1', async () => {
    const url = new URL(database.url);
    url.password = 'wrong';
    const { code, err } = await run('migrate', { DATABASE_URL: url.href });
    expect(code).toBe(1);
    expect(err).toMatch(/cannot be used: password authentication failed/);
  });
});
