import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { fromPublicId, newId, toPublicId } from '@universal-api/ids';
import { addKey, changeKey, countStatements, createAuthDatabase } from '../../test/auth-fixture.ts';
import {
  addMember,
  addPerson,
  callOf,
  createTestSessions,
  proofsOf,
  testSecrets,
  type TestPerson,
} from '../../test/session-fixture.ts';
import { appendRevocation } from '../revocation/append-revocation.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { endSessions } from './end-sessions.ts';
import { sweepSessions } from './sweep-sessions.ts';
import type { TokenSet } from './tokens/replay-blob.ts';

const secrets = testSecrets();
let server: TestDatabase;
let database: Database<AuthTables>;
let worker: Database<AuthTables>;
let ann: TestPerson;
let sessions: ReturnType<typeof createTestSessions>;

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  worker = server.database<AuthTables>('auth_worker');
}, 60_000);
afterAll(() => server.drop());
beforeEach(async () => {
  ann = await addPerson(database);
  sessions = createTestSessions(database, proofsOf([ann], new Set()), secrets);
});

const login = async () =>
  (await sessions.service.login({ email: ann.email, password: ann.password } as never, callOf())) as TokenSet;
const sessionIdOf = (tokens: TokenSet) => fromPublicId('session', tokens.sessionId) ?? '';
const callBy = (tokens: TokenSet, tid = ann.tenantId) =>
  callOf({ typ: 'user', sub: ann.userId, sid: sessionIdOf(tokens), tid });
const refresh = (refreshToken: string) =>
  sessions.service.refresh({ refreshToken } as never, callOf()) as Promise<TokenSet>;

describe('switching the tenant', () => {
  const switchTo = (tenantId: string, tokens: TokenSet) =>
    sessions.service.switchTenant({ tenantId } as never, callBy(tokens)) as Promise<TokenSet>;

  test('gives an access token for the other membership, and the session stays there', async () => {
    const other = await addPerson(database);
    await addMember(database, { tenantId: other.tenantId, userId: ann.userId, role: 'analyst' });
    const tokens = await login();
    const switched = await switchTo(toPublicId('tenant', other.tenantId), tokens);
    expect(switched).not.toHaveProperty('refreshToken');
    expect(switched.sessionId).toBe(tokens.sessionId);
    const there = { tid: other.tenantId, role: 'analyst', sid: sessionIdOf(tokens), amr: ['pwd'] };
    expect(await sessions.verifier.verify(switched.accessToken)).toMatchObject(there);
    const renewed = await refresh(tokens.refreshToken);
    expect(await sessions.verifier.verify(renewed.accessToken)).toMatchObject(there);
  });

  test('a tenant that is another’s, suspended, unknown or malformed is not found', async () => {
    const [foreign, closed] = [await addPerson(database), await addPerson(database)];
    await addMember(database, { tenantId: closed.tenantId, userId: ann.userId, role: 'admin' });
    await worker.instance((tx) =>
      tx.updateTable('tenants').set({ status: 'suspended' }).where('tenant_id', '=', closed.tenantId).execute(),
    );
    const tokens = await login();
    for (const id of [foreign.tenantId, closed.tenantId, newId()]) {
      await expect(switchTo(toPublicId('tenant', id), tokens)).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(switchTo(ann.tenantId, tokens)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('in a session that has ended is refused', async () => {
    const tokens = await login();
    await sessions.service.logout({ all: false } as never, callBy(tokens));
    const late = switchTo(toPublicId('tenant', ann.tenantId), tokens);
    await expect(late).rejects.toMatchObject({ code: 'invalid_token' });
  });
});

describe('a fresh proof', () => {
  const again = (proof: object, tokens: TokenSet) => sessions.service.reauthenticate(proof as never, callBy(tokens));

  test('is that of the login for ten minutes, then one that is given again', async () => {
    const tokens = await login();
    await sessions.requireFreshProof(callBy(tokens));
    sessions.clock.now += 600_000;
    await sessions.requireFreshProof(callBy(tokens));
    sessions.clock.now += 1;
    await expect(sessions.requireFreshProof(callBy(tokens))).rejects.toMatchObject({ code: 'fresh_proof_required' });
    const { freshUntil } = await again({ password: ann.password }, tokens);
    expect(Number(freshUntil?.seconds) * 1000).toBeCloseTo(sessions.clock.now + 600_000, -4);
    await sessions.requireFreshProof(callBy(tokens));
  });

  test('is not that of another session, nor of one that has ended', async () => {
    const [old, fresh] = [await login(), await login()];
    sessions.clock.now += 700_000;
    await again({ password: ann.password }, fresh);
    await expect(sessions.requireFreshProof(callBy(old))).rejects.toMatchObject({ code: 'fresh_proof_required' });
    await sessions.service.logout({ all: false } as never, callBy(fresh));
    await expect(sessions.requireFreshProof(callBy(fresh))).rejects.toMatchObject({ code: 'fresh_proof_required' });
  });

  test('is asked of people only', async () => {
    await sessions.requireFreshProof(callOf({ typ: 'key', sub: newId(), key: newId() }));
    const noSession = callOf({ typ: 'user', sub: ann.userId });
    await expect(sessions.requireFreshProof(noSession)).rejects.toMatchObject({ code: 'fresh_proof_required' });
  });

  test('a wrong password, none, or both ways at once change nothing', async () => {
    const tokens = await login();
    sessions.clock.now += 700_000;
    await expect(again({ password: 'wrong' }, tokens)).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(again({ code: '123456' }, tokens)).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(again({}, tokens)).rejects.toMatchObject({ code: 'invalid_request' });
    const both = again({ password: ann.password, code: '123456' }, tokens);
    await expect(both).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(sessions.requireFreshProof(callBy(tokens))).rejects.toMatchObject({ code: 'fresh_proof_required' });
  });
});

describe('the list of sessions', () => {
  const list = (tokens: TokenSet, page: object = {}) =>
    sessions.service.listSessions({ pageSize: 20, ...page } as never, callBy(tokens));

  test('has the own ones that live, newest first, page by page', async () => {
    const all: TokenSet[] = [];
    for (let turn = 0; turn < 5; turn += 1) all.push(await login());
    const [first, second] = all as [TokenSet, TokenSet];
    await sessions.service.logout({ all: false } as never, callBy(second));
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await list(first, { pageSize: 2, pageToken });
      for (const { id = '', current } of page.sessions ?? []) {
        seen.push(id);
        expect(current).toBe(id === first.sessionId);
      }
      pageToken = page.nextPageToken ?? '';
    } while (pageToken !== '');
    const expected = all.filter((tokens) => tokens !== second).map(({ sessionId }) => sessionId);
    expect(seen).toEqual(expected.reverse());
  });

  test('shows no session that is over, and nobody else’s; a page token of another is refused', async () => {
    const old = await login();
    sessions.clock.now += 6 * 86_400_000;
    const [here] = [await login(), await login()];
    const { nextPageToken } = await list(here, { pageSize: 1 });
    expect(nextPageToken).not.toBe('');
    sessions.clock.now += 2 * 86_400_000;
    const { sessions: shown = [] } = await list(here);
    expect(shown.map(({ id }) => id)).not.toContain(old.sessionId);
    expect(shown).toHaveLength(2);
    const cleo = await addPerson(database);
    const foreign = callOf({ typ: 'user', sub: cleo.userId, sid: newId(), tid: ann.tenantId });
    const byOther = sessions.service.listSessions({ pageSize: 1, pageToken: nextPageToken } as never, foreign);
    await expect(byOther).rejects.toMatchObject({ code: 'page_token_invalid' });
    expect(await sessions.service.listSessions({ pageSize: 9 } as never, foreign)).toMatchObject({ sessions: [] });
  });
});

describe('introspection', () => {
  const inactive = { active: false };
  const ask = (token: string, tid = ann.tenantId) =>
    sessions.service.introspect({ token } as never, callOf({ typ: 'key', tid, sub: newId() }));

  test('of an access token says who holds it and what it may do', async () => {
    const { accessToken } = await login();
    const iat = Math.floor(sessions.clock.now / 1000);
    expect(await ask(accessToken)).toMatchObject({
      ...{ active: true, tokenType: 'Bearer', clientId: 'uapi', aud: 'uapi', iss: 'https://api.example.test' },
      ...{ sub: toPublicId('user', ann.userId), username: ann.email, tenantId: toPublicId('tenant', ann.tenantId) },
      ...{ iat, exp: iat + 300, jti: expect.any(String), scope: expect.stringContaining('search:read') },
    });
  });

  test('says nothing of a token that is foreign, expired, ended, demoted, a refresh token or nonsense', async () => {
    const cleo = await addPerson(database);
    const tokens = await login();
    await addMember(database, { tenantId: cleo.tenantId, userId: ann.userId, role: 'owner' });
    expect(await ask(tokens.accessToken, cleo.tenantId)).toEqual(inactive);
    for (const text of [tokens.refreshToken, 'nonsense', '', 'a.b.c', `${tokens.accessToken}x`]) {
      expect(await ask(text)).toEqual(inactive);
    }
    await database.transaction(ann.tenantId, (tx) =>
      tx.updateTable('memberships').set({ role: 'viewer' }).where('user_id', '=', ann.userId).execute(),
    );
    expect(await ask(tokens.accessToken)).toEqual(inactive);
    const renewed = await login();
    expect(await ask(renewed.accessToken)).toMatchObject({ active: true });
    await sessions.service.logout({ all: false } as never, callBy(renewed));
    expect(await ask(renewed.accessToken)).toEqual(inactive);
    const late = await login();
    sessions.clock.now += 361_000;
    expect(await ask(late.accessToken)).toEqual(inactive);
  });

  test.each([
    ['the user', () => ({ kind: 'user' as const, id: ann.userId })],
    ['the user in this tenant', () => ({ kind: 'user' as const, id: `${ann.userId}/${ann.tenantId}` })],
    ['the tenant', () => ({ kind: 'tenant' as const, id: ann.tenantId })],
  ])('says nothing of a token of before a revocation of %s, as no reader of it does', async (_of, revocation) => {
    sessions.clock.now -= 2_000;
    const before = await login();
    await database.instance((tx) => appendRevocation(tx, revocation()));
    expect(await ask(before.accessToken)).toEqual(inactive);
    sessions.clock.now += 4_000;
    expect(await ask((await login()).accessToken)).toMatchObject({ active: true });
  });

  test('of a key says what it may do, and writes nothing', async () => {
    const key = await addKey(database, secrets.peppers, {
      tenantId: ann.tenantId,
      scopes: ['search:read', 'data:read'],
    });
    const counted = countStatements(database);
    const reader = createTestSessions(counted, proofsOf([ann]), secrets);
    const call = callOf({ typ: 'key', tid: ann.tenantId, sub: newId() });
    expect(await reader.service.introspect({ token: key.text } as never, call)).toMatchObject({
      ...{ active: true, clientId: key.id12, sub: toPublicId('key', key.keyId), scope: 'search:read data:read' },
      iat: expect.any(Number),
    });
    expect(counted.statements.filter((kind) => !/Select|Raw/.test(kind))).toEqual([]);
  });

  test('says nothing of a key that is foreign, wrong, revoked or expired', async () => {
    const key = await addKey(database, secrets.peppers, { tenantId: ann.tenantId });
    const cleo = await addPerson(database);
    expect(await ask(key.text)).toMatchObject({ active: true });
    expect(await ask(key.text, cleo.tenantId)).toEqual(inactive);
    await changeKey(database, key, { expires_at: new Date(Date.now() + 3_600_000) });
    expect(await ask(key.text)).toMatchObject({ exp: expect.any(Number) });
    await changeKey(database, key, { expires_at: new Date(Date.now() - 1) });
    expect(await ask(key.text)).toEqual(inactive);
    await changeKey(database, key, { expires_at: null, state: 'revoked' });
    expect(await ask(key.text)).toEqual(inactive);
  });
});

describe('ending sessions in the transaction of another change', () => {
  test('spares the one that is named, works for a worker, and gives the transaction back as it was', async () => {
    const [here, there] = [await login(), await login()];
    await database.asUser(ann.userId, async (tx) => {
      expect(await endSessions(tx, { userId: ann.userId, exceptSessionId: sessionIdOf(here) })).toBe(1);
      expect(await endSessions(tx, { userId: ann.userId, exceptSessionId: sessionIdOf(here) })).toBe(0);
    });
    await expect(refresh(there.refreshToken)).rejects.toMatchObject({ code: 'invalid_grant' });
    await refresh(here.refreshToken);
    const cleo = await addPerson(database);
    await database.asUser(cleo.userId, async (tx) => {
      expect(await endSessions(tx, { userId: ann.userId })).toBe(1);
      const { rows } = await sql<{ user: string }>`SELECT current_setting('app.user_id') AS user`.execute(tx);
      expect(rows).toEqual([{ user: cleo.userId }]);
    });
    const third = await login();
    expect(await worker.instance((tx) => endSessions(tx, { userId: ann.userId }))).toBe(1);
    await expect(refresh(third.refreshToken)).rejects.toMatchObject({ code: 'invalid_grant' });
  });

  test('takes the same statements for one as for many, so that nobody can make too many to be ended', async () => {
    const end = async (count: number) => {
      for (let made = 0; made < count; made += 1) await login();
      const counted = countStatements(worker);
      expect(await counted.instance((tx) => endSessions(tx, { userId: ann.userId }))).toBe(count);
      return counted.statements;
    };
    const forOne = await end(1);
    expect(await end(12)).toEqual(forOne);
    const { rows } = await worker.instance((tx) =>
      sql`SELECT FROM revocations r JOIN sessions s ON s.session_id::text = r.id
          WHERE r.kind = 'session' AND s.user_id = ${ann.userId}`.execute(tx),
    );
    expect(rows).toHaveLength(13);
  });

  test('is undone with that change', async () => {
    const tokens = await login();
    const change = database.asUser(ann.userId, async (tx) => {
      await endSessions(tx, { userId: ann.userId });
      throw new Error('no change');
    });
    await expect(change).rejects.toThrow('no change');
    expect(await refresh(tokens.refreshToken)).toHaveProperty('accessToken');
  });
});

describe('sweeping', () => {
  const blobs = (tokens: TokenSet) =>
    worker.instance((tx) =>
      tx
        .selectFrom('refresh_tokens')
        .select(['replay_blob', 'used_at'])
        .where('session_id', '=', sessionIdOf(tokens))
        .execute(),
    );

  test('wipes an answer once its replay is over, not before; its token is still known as used', async () => {
    const tokens = await login();
    const answer = await refresh(tokens.refreshToken);
    const usedAt = sessions.clock.now;
    await sweepSessions(worker, usedAt + 9_999);
    expect(await refresh(tokens.refreshToken)).toEqual(answer);
    await sweepSessions(worker, usedAt + 10_000);
    expect((await blobs(tokens)).filter(({ replay_blob }) => replay_blob !== null)).toEqual([]);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ code: 'invalid_grant' });
  });

  test('forgets a session a day after its end, with its tokens', async () => {
    const tokens = await login();
    const end = sessions.clock.now + 30 * 86_400_000;
    await sweepSessions(worker, end + 86_400_000);
    expect(await blobs(tokens)).toHaveLength(1);
    await sweepSessions(worker, end + 86_400_001);
    expect(await blobs(tokens)).toEqual([]);
  });
});

test('no connection that acts for another user, or for nobody, sees or changes a session', async () => {
  const tokens = await login();
  const cleo = await addPerson(database);
  const count = (tx: Parameters<Parameters<typeof database.instance>[0]>[0]) =>
    tx.selectFrom('sessions').select('session_id').where('session_id', '=', sessionIdOf(tokens)).execute();
  expect(await database.asUser(cleo.userId, count)).toEqual([]);
  expect(await database.instance(count)).toEqual([]);
  expect(await database.transaction(ann.tenantId, count)).toEqual([]);
  const insert = database.asUser(cleo.userId, (tx) =>
    tx
      .insertInto('mfa_tokens')
      .values({ token_hash: randomBytes(32), user_id: ann.userId, expires_at: new Date() })
      .execute(),
  );
  await expect(insert).rejects.toThrow(/row-level security/);
});
