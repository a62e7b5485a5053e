import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { create } from '@universal-api/protos';
import { CreateKeyRequestSchema, KeyService } from '@universal-api/protos/gen/uapi/auth/v1/keys_pb';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../open-database.ts';
import { checkTenantTables, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { createIdempotency, type IdempotentContext } from './with-idempotency.ts';

interface Tables {
  effects: { tenant_id: string; what: string };
  idempotency: { tenant_id: string; key: string; request_mac: Buffer; created_at: Date };
}

const effects = `
  CREATE TABLE effects (tenant_id uuid, id uuid DEFAULT gen_random_uuid(), what text, PRIMARY KEY (tenant_id, id));
  ALTER TABLE effects ENABLE ROW LEVEL SECURITY;
  ALTER TABLE effects FORCE ROW LEVEL SECURITY;
  CREATE POLICY effects_own ON effects TO probe_app
    USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
  GRANT SELECT, INSERT ON effects TO probe_app;`;

const secret = () => ({ key: createSecretKey(randomBytes(32)) });
const ring = [secret()];
const method = KeyService.method.createKey;
let folder: string;
let server: TestDatabase;
let database: Database<Tables>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idempotency-'));
  const template = await readFile(new URL('../../templates/idempotency.sql', import.meta.url), 'utf8');
  await writeFile(join(folder, '0001-idempotency.sql'), template.replaceAll('SERVICE', 'probe') + effects);
  const migrations = pathToFileURL(`${folder}/`);
  server = await createTestDatabase({ schemas: [{ schema: 'probe', migrations }] });
  database = openDatabase<Tables>({ url: server.url, role: 'probe_app', poolSize: 10 });
}, 60_000);
afterAll(async () => {
  await database?.close();
  await server?.drop();
  await rm(folder, { recursive: true });
});

const newTenant = () => crypto.randomUUID();
const requestOf = (name = 'a key') => create(CreateKeyRequestSchema, { name });

interface Heard extends IdempotentContext {
  readonly heard: Record<string, string>;
}

function contextOf(tid: string, idempotencyKey: string | undefined, sub = 'me'): Heard {
  const heard: Record<string, string> = {};
  return {
    principal: { tid, sub },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    heard,
    setHeader: (name, value) => void (heard[name] = value),
  };
}

function createCaller(keys = ring) {
  return (context: Heard, request = requestOf(), before: () => Promise<void> = async () => {}) =>
    createIdempotency<Tables>({ service: 'probe', database, keys })(
      { method, request, context, redact: (answer) => ({ ...answer, key: '', alreadyShown: true }) },
      async (tx, { setHeader }) => {
        await tx.insertInto('effects').values({ tenant_id: context.principal.tid, what: 'made' }).execute();
        await before();
        setHeader('x-http-status', '201');
        return { key: 'uapi_live_text' };
      },
    );
}

const call = createCaller();
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (AppError.is(error) ? error.code : String(error)),
  );
const effectsOf = (tid: string) =>
  database.transaction(tid, async (tx) => (await tx.selectFrom('effects').selectAll().execute()).length);

test('the table of the template is guarded as every table of a tenant', async () => {
  expect(await checkTenantTables(server.adminUrl)).toEqual([]);
});

describe('under one key', () => {
  test('50 parallel equal calls have one effect; each is answered or told to come again, and then has the answer', async () => {
    const tid = newTenant();
    const contexts = Array.from({ length: 50 }, () => contextOf(tid, 'k'));
    const codes = await Promise.all(contexts.map((context) => codeOf(call(context))));
    expect(codes.filter((code) => code !== 'ok' && code !== 'idempotency_in_progress')).toEqual([]);
    expect(contexts.filter(({ heard }, at) => codes[at] === 'ok' && !heard['idempotent-replayed'])).toHaveLength(1);
    for (const context of contexts) expect(await call(context)).toMatchObject({ alreadyShown: true });
    expect(await effectsOf(tid)).toBe(1);
  });

  test('a repetition has the stored answer, its status, and says that it is one', async () => {
    const [tid, again] = [newTenant(), 'b'];
    const first = contextOf(tid, again);
    const answer = await call(first);
    expect(answer).toMatchObject({ key: 'uapi_live_text' });
    expect(answer).not.toHaveProperty('alreadyShown');
    expect(first.heard).toEqual({ 'x-http-status': '201' });
    const second = contextOf(tid, again);
    expect(await call(second)).toMatchObject({ key: '', alreadyShown: true });
    expect(second.heard).toEqual({ 'x-http-status': '201', 'idempotent-replayed': 'true' });
  });

  test('another request, and another caller of the tenant, are refused', async () => {
    const tid = newTenant();
    await call(contextOf(tid, 'k'));
    expect(await codeOf(call(contextOf(tid, 'k'), requestOf('other')))).toBe('idempotency_key_reused');
    expect(await codeOf(call(contextOf(tid, 'k', 'you')))).toBe('idempotency_key_reused');
    expect(await effectsOf(tid)).toBe(1);
  });

  test('another tenant does something else', async () => {
    const [a, b] = [newTenant(), newTenant()];
    await call(contextOf(a, 'k'));
    expect(await codeOf(call(contextOf(b, 'k'), requestOf('other')))).toBe('ok');
  });

  test('while the first runs the second is told to wait a second', async () => {
    const tid = newTenant();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const first = call(contextOf(tid, 'k'), requestOf(), async () => {
      arrive();
      await held;
    });
    await arrived;
    const error: unknown = await call(contextOf(tid, 'k')).catch((thrown: unknown) => thrown);
    expect(AppError.is(error) && [error.code, error.details.retryAfterS]).toEqual(['idempotency_in_progress', 1]);
    letGo();
    await first;
  });

  test('what fails leaves nothing and may be tried again', async () => {
    const tid = newTenant();
    const failing = call(contextOf(tid, 'k'), requestOf(), () => Promise.reject(new AppError('conflict')));
    expect(await codeOf(failing)).toBe('conflict');
    const context = contextOf(tid, 'k');
    expect(await call(context)).toMatchObject({ key: 'uapi_live_text' });
    expect(context.heard['idempotent-replayed']).toBeUndefined();
    expect(await effectsOf(tid)).toBe(1);
  });

  test('the secret may be renewed in between', async () => {
    const tid = newTenant();
    await call(contextOf(tid, 'k'));
    const renewed = createCaller([secret(), ...ring]);
    expect(await renewed(contextOf(tid, 'k'))).toMatchObject({ alreadyShown: true });
    expect(await codeOf(createCaller([secret()])(contextOf(tid, 'k')))).toBe('idempotency_key_reused');
  });
});

test('after a day a key is free again, and old rows are cleared away', async () => {
  const tid = newTenant();
  await call(contextOf(tid, 'k'));
  await call(contextOf(tid, 'other'));
  await database.transaction(tid, (tx) =>
    sql`UPDATE idempotency SET created_at = now() - interval '24 hours 1 second'`.execute(tx),
  );
  expect(await codeOf(call(contextOf(tid, 'k'), requestOf('other')))).toBe('ok');
  expect(await effectsOf(tid)).toBe(3);
  const rows = await database.transaction(tid, (tx) => tx.selectFrom('idempotency').select('key').execute());
  expect(rows).toEqual([{ key: 'k' }]);
});

test('without a key every call has its effect, and nothing is kept', async () => {
  const tid = newTenant();
  await call(contextOf(tid, undefined));
  await call(contextOf(tid, undefined));
  expect(await effectsOf(tid)).toBe(2);
  const rows = await database.transaction(tid, (tx) => tx.selectFrom('idempotency').select('key').execute());
  expect(rows).toEqual([]);
});

test.each(['', 'a b', 'é', 'x'.repeat(256)])('a key that is none is refused: "%.20s"', async (key) => {
  expect(await codeOf(call(contextOf(newTenant(), key)))).toBe('invalid_header');
});
