import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withClient } from '@universal-api/database';
import { newId } from '@universal-api/ids';
import { readApiKey } from '@universal-api/principal';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomRing, startAuth, type TestAuth } from '../test/start-auth.ts';
import { runAdmin } from './run-admin.ts';
import { localForms, serviceForms } from './words/command-forms.ts';

let auth: TestAuth;
let folder: string;
beforeAll(async () => {
  auth = await startAuth();
  folder = mkdtempSync(join(tmpdir(), 'uapi-admin-'));
  await withClient(auth.server.adminUrl, (client) =>
    client.query(
      `INSERT INTO auth.users (user_id, email, username, email_verified_at) VALUES ($1, 'ada@example.org', 'ada', now()),
              ($2, 'eve@example.org', 'eve', NULL)`,
      [newId(), newId()],
    ),
  );
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await auth.stop();
});

async function run(words: readonly string[], environment: Record<string, string> = {}) {
  const printed = { out: '', err: '' };
  const code = await runAdmin({
    words,
    environment: {
      UAPI_AUTH_ADDR: auth.address,
      INTERNAL_AUTH_KEY: auth.internalKey,
      DATA_DIR: folder,
      ...environment,
    },
    user: 'grace',
    out: async (text) => void (printed.out += text),
    err: async (text) => void (printed.err += text),
  });
  return { code, ...printed };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are looked at with `toMatchObject`
type Answer = Record<string, any>;

async function json(words: readonly string[], environment?: Record<string, string>) {
  const { code, out, err } = await run([...words, '--json'], environment);
  expect(err).toBe('');
  return { code, answer: JSON.parse(out) as Answer };
}

const page = new URL('../../../docs/operations/admin.md', import.meta.url);
const examples = [...readFileSync(page, 'utf8').matchAll(/^npm run admin -- (.+)$/gm)].map(([, words]) => words ?? '');
const split = (line: string) =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) => single ?? double ?? plain ?? '');

/** In order: each stands on the ones before, as for whoever reads the page. */
describe('the page', () => {
  test('has an example of every command', () => {
    for (const name of Object.keys({ ...serviceForms, ...localForms }))
      expect(examples.filter((line) => line === name || line.startsWith(`${name} `))).not.toEqual([]);
  });

  let key = '';
  test.each(examples)('%s', async (line) => {
    const words = split(line).map((word) => (word === '$KEY' ? key : word));
    const { code, answer } = await json(words);
    expect({ code, answer }).toEqual({ code: 0, answer: expect.objectContaining({ command: expect.any(String) }) });
    if (line.startsWith('key create')) {
      key = answer['key'].id;
      expect(readApiKey(answer['key'].key)).toMatchObject({ id12: answer['key'].id12 });
    }
  });

  test('and what they did is in the chains, by cli:<user>', async () => {
    const { answer } = await json(['audit', 'list', '--tenant', 'acme', '--count', '500']);
    const rows = answer['rows'] as Answer[];
    expect(rows.length).toBeGreaterThan(8);
    for (const row of rows) expect(row).toMatchObject({ actor_kind: 'cli', actor_name: 'cli:grace', outcome: 'ok' });
    const platform = await json(['audit', 'list', '--tenant', 'sys', '--count', '500']);
    const actions = (platform.answer['rows'] as Answer[]).map((row) => `${row['actor_name']} ${row['action']}`);
    expect(actions).toEqual(
      expect.arrayContaining(
        [
          ...[
            'platform.tenant.created',
            'platform.tenant.suspended',
            'platform.operator.made',
            'auth.mail_outbox.read',
          ],
          'auth.signing_key.rotated',
        ].map((action) => `cli:grace ${action}`),
      ),
    );
  });
});

describe('for people', () => {
  test('lists are tables, and a change is a sentence', async () => {
    const list = await run(['tenant', 'list']);
    expect(list.out).toMatch(/^ID +SHORT NAME +STATUS +PLAN +POOL +MADE +NAME\n/);
    expect(list.out).toMatch(/\nten_\S+ +acme +active +pro +shared +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +Acme Ltd\n/);
    const plan = await run(['tenant', 'plan', 'acme', 'starter']);
    expect(plan).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ten_\S+ \(acme\) has plan starter, pool shared\.\n$/),
    });
    const all = await run(['ledger', 'verify']);
    expect(all.out).toMatch(/^All \d+ accounts agree with their bookings\.\n$/);
  });

  test('a key is found by the part that logs show', async () => {
    const made = await json(['key', 'create', 'One', '--scopes', 'data:read']);
    const { id12, id, key } = made.answer['key'];
    const revoked = await run(['key', 'revoke', id12]);
    expect(revoked).toMatchObject({ code: 0, out: expect.stringContaining(`${id} (${id12}) is revoked`) });
    expect(revoked.out).not.toContain(key);
  });
});

describe('refused', () => {
  test.each([
    [
      'tenant suspend default --reason x',
      'The installation itself works with this tenant. Bring it into another state',
    ],
    ['tenant create Other --slug acme', 'Use what is there, or take another name.'],
    ['tenant resume nowhere', 'There is no tenant nowhere. Check how it is written'],
    ['key list --tenant 01900000-0000-7000-8000-000000000000', 'Check how it is written'],
    ['key revoke AAAAAAAAAAAA', 'No key with the public part AAAAAAAAAAAA lives here. Check how it is written'],
    ['key create Bad --scopes do:everything', '(scopes[0]: no such scope). Correct the command line'],
    ['user operator eve@example.org', 'This user has not proved the address yet. Bring it into another state'],
    ['user operator nobody@example.org', 'Nobody has an account with this address. Check how it is written'],
    ['user link nobody@example.org', 'No link that still works waits for this address.'],
    ['limits set login-pair 100 --tenant acme', '(policy: a policy that tenants may set)'],
    ['limits set chat-min 100000 --tenant acme', '(q: at most '],
  ])('%s ends with 1, and a sentence says what to do', async (line, sentence) => {
    const { code, out, err } = await run(split(line));
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(sentence);
    expect(err).toMatch(/\.\n$/);
  });

  test('as an object it has the code of the service', async () => {
    const { code, answer } = await json(['tenant', 'suspend', 'default', '--reason', 'x']);
    expect(code).toBe(1);
    expect(answer).toEqual({ error: { end: 'refused', code: 'conflict', message: expect.any(String) } });
  });

  test('a check that finds something wrong ends with 1', async () => {
    await withClient(auth.server.adminUrl, (client) =>
      client.query(`
        INSERT INTO auth.quota_accounts (tenant_id, account_id, scope, subject, unit, period, "limit", period_start, spent)
        SELECT tenant_id, '01900000-0000-7000-8000-00000000000a', 'tenant', '', 'nano_usd', 'month', 100, now(), 7
        FROM auth.tenants WHERE slug = 'acme'`),
    );
    const ledger = await run(['ledger', 'verify']);
    expect(ledger).toMatchObject({ code: 1, out: expect.stringContaining('1 of') });
    await withClient(auth.server.adminUrl, (client) =>
      client.query(`
        ALTER TABLE auth.audit DISABLE TRIGGER ALL;
        UPDATE auth.audit SET object = 'another' WHERE seq = 2
          AND tenant_id = (SELECT tenant_id FROM auth.tenants WHERE slug = 'acme');
        ALTER TABLE auth.audit ENABLE TRIGGER ALL`),
    );
    const chain = await run(['audit', 'verify', '--tenant', 'acme']);
    expect(chain).toMatchObject({
      code: 1,
      out: expect.stringContaining('Row 2 is the first that is wrong: changed.'),
    });
  });

  test('a key that the service does not know is refused in a sentence, and not shown', async () => {
    const other = randomRing();
    const { code, err } = await run(['tenant', 'list'], { INTERNAL_AUTH_KEY: other });
    expect(code).toBe(1);
    expect(err).toContain('set INTERNAL_AUTH_KEY_FILE to the key that it runs with.');
    expect(err).not.toContain(other);
  });
});

describe('the key of the installation', () => {
  const nobodyGave = { INTERNAL_AUTH_KEY: '' };

  test('is asked for where it is nowhere', async () => {
    const { code, err } = await run(['tenant', 'list'], nobodyGave);
    expect(code).toBe(2);
    expect(err).toContain(`INTERNAL_AUTH_KEY: is not set, and neither ${folder}/secrets.json`);
  });

  test('is that of the apps one by one, also beside that of a product in one process', async () => {
    mkdirSync(join(folder, 'distributed/secrets'), { recursive: true });
    writeFileSync(join(folder, 'distributed/secrets/INTERNAL_AUTH_KEY'), `${auth.internalKey}\n`);
    expect((await run(['tenant', 'list'], nobodyGave)).code).toBe(0);
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify({ INTERNAL_AUTH_KEY: randomRing() }));
    expect((await run(['tenant', 'list'], nobodyGave)).code).toBe(0);
  });

  test('is that of the product in one process', async () => {
    rmSync(join(folder, 'distributed'), { recursive: true });
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify({ INTERNAL_AUTH_KEY: auth.internalKey }));
    expect((await run(['tenant', 'list'], nobodyGave)).code).toBe(0);
  });

  test('is not shown where its file is damaged', async () => {
    writeFileSync(join(folder, 'secrets.json'), `{"INTERNAL_AUTH_KEY": "${auth.internalKey}"`);
    const { code, err } = await run(['tenant', 'list'], nobodyGave);
    expect([code, err]).toEqual([1, `${folder}/secrets.json cannot be read; restore it.\n`]);
  });
});

describe('out of reach', () => {
  test('ends with 3 and says where', async () => {
    const { code, answer } = await json(['tenant', 'list'], { UAPI_AUTH_ADDR: '127.0.0.1:1' });
    expect(code).toBe(3);
    expect(answer).toEqual({
      error: {
        end: 'unreachable',
        message:
          'The auth service does not answer at 127.0.0.1:1. Start the installation, or name the address in UAPI_AUTH_ADDR.',
      },
    });
  });
});
