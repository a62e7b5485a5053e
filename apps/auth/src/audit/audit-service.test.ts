import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPageTokens, sql, withClient, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { create, timestampFromDate } from '@universal-api/protos';
import { ListAuditRequestSchema, VerifyAuditRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/audit_pb';
import fc from 'fast-check';
import { addTenant, createAuthDatabase } from '../../test/auth-fixture.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { AuditEntry } from './audit-entry.ts';
import { auditService } from './audit-service.ts';
import { createRecordAudit } from './record-audit.ts';

/** Many round trips; a loaded machine takes its time. */
const longMs = 60_000;

let server: TestDatabase;
let database: Database<AuthTables>;
let service: ReturnType<typeof auditService>;
const record = createRecordAudit();
const pages = createPageTokens({ service: 'auth', keys: [{ key: createSecretKey(randomBytes(32)) }] });

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  service = auditService({ database, pages });
}, longMs);
afterAll(() => server.drop());

const contextOf = (tid: string) =>
  ({ principal: { tid, sub: 'me' }, signal: new AbortController().signal }) as unknown as CallContext;
const verify = (tenantId: string, span: { from?: string; to?: string } = {}) =>
  service.verifyAudit(create(VerifyAuditRequestSchema, span), contextOf(tenantId));
const list = (tenantId: string, request: Partial<Parameters<typeof service.listAudit>[0]> = {}) =>
  service.listAudit(create(ListAuditRequestSchema, request), contextOf(tenantId));

async function addRows(tenantId: string, count: number, change: Partial<AuditEntry> = {}): Promise<void> {
  for (let index = 0; index < count; index++) {
    await database.transaction(tenantId, (tx) =>
      record(tx, {
        tenantId,
        actor: newId(),
        actorKind: 'user',
        action: index % 2 ? 'auth.key.created' : 'auth.login',
        object: `key_${index}`,
        outcome: 'ok',
        diff: { name: `n${index}` },
        address: '198.51.100.7',
        requestId: `r${index}`,
        ...change,
      }),
    );
  }
}

async function chainOf(count: number): Promise<string> {
  const tenantId = await addTenant(database);
  await addRows(tenantId, count);
  return tenantId;
}

/** What somebody with the whole server in hand can do, and nobody of the product; undone afterwards. */
async function tampered<Result>(statements: readonly string[], look: () => Promise<Result>): Promise<Result> {
  return withClient(server.adminUrl, async (client) => {
    await client.query('SET search_path = auth; ALTER TABLE audit DISABLE TRIGGER audit_stays');
    await client.query('CREATE TEMP TABLE kept AS SELECT * FROM audit');
    try {
      for (const statement of statements) await client.query(statement);
      return await look();
    } finally {
      await client.query('DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept');
      await client.query('ALTER TABLE audit ENABLE TRIGGER audit_stays');
    }
  });
}

describe('VerifyAudit', () => {
  test('a chain that nobody touched is right, whole or in part, with other chains beside it', async () => {
    const tenantId = await chainOf(12);
    await chainOf(3);
    expect(await verify(tenantId)).toEqual({ ok: true, checked: '12' });
    expect(await verify(tenantId, { from: '5', to: '7' })).toEqual({ ok: true, checked: '3' });
    expect(await verify(tenantId, { to: '99' })).toEqual({ ok: true, checked: '12' });
    expect(await verify(tenantId, { from: '13' })).toEqual({ ok: true, checked: '0' });
    expect(await verify(await addTenant(database))).toEqual({ ok: true, checked: '0' });
  });

  test(
    'a change of any field of any row is found and that row named',
    async () => {
      const tenantId = await chainOf(8);
      const change = fc.constantFrom(
        `at = at + interval '1 millisecond'`,
        `actor = reverse(actor)`,
        `actor_kind = 'system'`,
        `action = action || 'x'`,
        `object = object || ' '`,
        `outcome = 'refused'`,
        `reason = 'because'`,
        `request_id = ''`,
        `ip_prefix = '198.51.101.0/24'`,
        `diff = diff || '{"more":""}'`,
        `diff = '{}'`,
        `prev_hash = sha256(prev_hash)`,
        `hash = sha256(hash)`,
      );
      await fc.assert(
        fc.asyncProperty(change, fc.integer({ min: 1, max: 8 }), async (set, seq) => {
          const statement = `UPDATE audit SET ${set} WHERE tenant_id = '${tenantId}' AND seq = ${seq}`;
          expect(await tampered([statement], () => verify(tenantId))).toEqual({
            ok: false,
            checked: String(seq - 1),
            firstBad: String(seq),
            why: 'changed',
          });
        }),
        { numRuns: 60 },
      );
    },
    longMs,
  );

  test(
    'rows that are gone are found and the first of them named, at the end too',
    async () => {
      const tenantId = await chainOf(8);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), async (seq, count) => {
          const statement = `DELETE FROM audit WHERE tenant_id = '${tenantId}' AND seq BETWEEN ${seq} AND ${seq + count - 1}`;
          expect(await tampered([statement], () => verify(tenantId))).toMatchObject({
            ok: false,
            firstBad: String(seq),
            why: 'missing',
          });
        }),
        { numRuns: 30 },
      );
    },
    longMs,
  );

  test(
    'rows in another order are found and the first of them named',
    async () => {
      const tenantId = await chainOf(8);
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 2 }),
          async (two) => {
            const [a = 0, b = 0] = two;
            const of = `tenant_id = '${tenantId}' AND seq`;
            const statements = [
              `UPDATE audit SET seq = 99 WHERE ${of} = ${a}`,
              `UPDATE audit SET seq = ${a} WHERE ${of} = ${b}`,
              `UPDATE audit SET seq = ${b} WHERE ${of} = 99`,
            ];
            expect(await tampered(statements, () => verify(tenantId))).toMatchObject({
              ok: false,
              firstBad: String(Math.min(a, b)),
            });
          },
        ),
        { numRuns: 20 },
      );
    },
    longMs,
  );

  test('a row that was put in, or forged at the end, is found', async () => {
    const [tenantId, other] = [await chainOf(4), await chainOf(6)];
    const forged = `INSERT INTO audit SELECT '${tenantId}', seq, at, actor, actor_kind, action, object, outcome, reason, request_id,
      ip_prefix, diff, prev_hash, hash FROM audit WHERE tenant_id = '${other}' AND seq = 5`;
    expect(await tampered([forged], () => verify(tenantId))).toMatchObject({
      ok: false,
      firstBad: '5',
      why: 'changed',
    });
  });

  test('another end than the head names is found', async () => {
    const tenantId = await chainOf(3);
    await withClient(server.adminUrl, (client) =>
      client.query('UPDATE auth.audit_head SET hash = sha256(hash) WHERE tenant_id = $1 AND segment = 0', [tenantId]),
    );
    expect(await verify(tenantId)).toMatchObject({
      ok: false,
      firstBad: '3',
      why: 'is not the end that the head names',
    });
  });

  test('goes on from the months that were dropped, and from nothing else', async () => {
    const tenantId = await chainOf(6);
    const drop = [
      `DELETE FROM audit WHERE tenant_id = '${tenantId}' AND seq <= 2`,
      `INSERT INTO audit_head SELECT tenant_id, 202001, seq, at, hash, now() FROM kept WHERE tenant_id = '${tenantId}' AND seq = 2`,
    ];
    expect(await tampered(drop, () => verify(tenantId))).toEqual({ ok: true, checked: '4' });
  });

  test(
    'a long chain is looked at in parts, and rows appended meanwhile do no harm',
    async () => {
      const tenantId = await addTenant(database);
      await database.transaction(tenantId, async (tx) => {
        for (let index = 0; index < 1_100; index++)
          await record(tx, { tenantId, actor: 'cli:me', actorKind: 'cli', action: 'a.b', object: '', outcome: 'ok' });
      });
      const [answer] = await Promise.all([verify(tenantId), addRows(tenantId, 20)]);
      expect(answer.ok).toBe(true);
      expect(await verify(tenantId)).toEqual({ ok: true, checked: '1120' });
    },
    longMs,
  );
});

describe('ListAudit', () => {
  test('gives every row once, newest first, whatever is appended between the pages', async () => {
    const tenantId = await chainOf(7);
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await list(tenantId, { pageSize: 3, pageToken });
      seen.push(...(page.rows ?? []).map(({ seq }) => seq ?? ''));
      pageToken = page.nextPageToken ?? '';
      await addRows(tenantId, 1);
    } while (pageToken);
    expect(seen).toEqual(['7', '6', '5', '4', '3', '2', '1']);
  });

  test('is narrowed by action and time, and its token holds for that alone', async () => {
    const tenantId = await chainOf(6);
    const { rows: logins = [], nextPageToken = '' } = await list(tenantId, { action: 'auth.login', pageSize: 2 });
    expect(logins.map(({ seq }) => seq)).toEqual(['5', '3']);
    const { rows: more } = await list(tenantId, { action: 'auth.login', pageSize: 2, pageToken: nextPageToken });
    expect(more?.map(({ seq }) => seq)).toEqual(['1']);
    for (const [tenant, request] of [
      [tenantId, { pageToken: nextPageToken }],
      [await addTenant(database), { action: 'auth.login', pageToken: nextPageToken }],
    ] as const) {
      const error: unknown = await list(tenant, request).catch((thrown: unknown) => thrown);
      expect(AppError.is(error) && error.code).toBe('page_token_invalid');
    }
    const future = timestampFromDate(new Date(Date.now() + 3_600_000));
    expect((await list(tenantId, { from: future })).rows).toEqual([]);
    expect((await list(tenantId, { to: future })).rows).toHaveLength(6);
  });

  test('names who acted as long as that is known, and the chain holds without it', async () => {
    const tenantId = await addTenant(database);
    const userId = newId();
    await database.transaction(tenantId, async (tx) => {
      await sql`SELECT set_config('app.user_id', ${userId}, true)`.execute(tx);
      await tx
        .insertInto('users')
        .values({ user_id: userId, email: `${userId}@example.org`, username: 'ada' })
        .execute();
      await tx.insertInto('memberships').values({ tenant_id: tenantId, user_id: userId, role: 'owner' }).execute();
    });
    const gone = newId();
    await addRows(tenantId, 1, { actor: userId });
    await addRows(tenantId, 1, { actor: gone });
    await addRows(tenantId, 1, { actor: 'cli:root', actorKind: 'cli' });
    const names = async () => (await list(tenantId)).rows?.map(({ actorName }) => actorName);
    expect(await names()).toEqual(['cli:root', `usr_${gone}`, 'ada']);
    const worker = server.database<AuthTables>('auth_worker');
    await worker.instance((tx) => tx.deleteFrom('audit_actors').where('actor', '=', userId).execute());
    expect(await names()).toEqual(['cli:root', `usr_${gone}`, '']);
    expect(await verify(tenantId)).toMatchObject({ ok: true });
  });

  test('a stranger sees nothing', async () => {
    await chainOf(2);
    expect(await list(await addTenant(database))).toEqual({ rows: [], nextPageToken: '' });
  });
});
