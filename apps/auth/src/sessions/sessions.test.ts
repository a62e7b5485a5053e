import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { fromPublicId, newId, toPublicId } from '@universal-api/ids';
import { createAuthDatabase } from '../../test/auth-fixture.ts';
import {
  addMember,
  addPerson,
  callOf,
  createTestSessions,
  proofsOf,
  testSecrets,
  type TestPerson,
} from '../../test/session-fixture.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { refresh as refreshWith } from './rpc/refresh.ts';
import { makeOpaqueToken } from './tokens/opaque-token.ts';
import type { TokenSet } from './tokens/replay-blob.ts';

let server: TestDatabase;
let database: Database<AuthTables>;
let worker: Database<AuthTables>;
let ann: TestPerson;
let ben: TestPerson;
const secrets = testSecrets();
let sessions: ReturnType<typeof createTestSessions>;

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  worker = server.database<AuthTables>('auth_worker');
}, 60_000);
afterAll(() => server.drop());
beforeEach(async () => {
  ann = await addPerson(database);
  ben = await addPerson(database);
  sessions = createTestSessions(database, proofsOf([ann, ben], new Set([ben.userId])), secrets);
});

const login = async (person = ann, call = callOf()) =>
  (await sessions.service.login({ email: person.email, password: person.password } as never, call)) as TokenSet;
const refresh = (refreshToken: string) =>
  sessions.service.refresh({ refreshToken } as never, callOf()) as Promise<TokenSet>;
const sessionIdOf = (tokens: TokenSet) => fromPublicId('session', tokens.sessionId) ?? '';
const callBy = (person: TestPerson, tokens: TokenSet, tid = person.tenantId) =>
  callOf({ typ: 'user', sub: person.userId, sid: sessionIdOf(tokens), tid });
const tokenRows = (tokens: TokenSet) =>
  worker.instance((tx) =>
    tx.selectFrom('refresh_tokens').selectAll().where('session_id', '=', sessionIdOf(tokens)).execute(),
  );
const sessionRow = (tokens: TokenSet) =>
  worker.instance((tx) =>
    tx.selectFrom('sessions').selectAll().where('session_id', '=', sessionIdOf(tokens)).executeTakeFirstOrThrow(),
  );
const auditOf = (tenantId: string, action: string) =>
  database.transaction(tenantId, (tx) =>
    tx.selectFrom('audit').selectAll().where('tenant_id', '=', tenantId).where('action', '=', action).execute(),
  );
const revoked = async (tokens: TokenSet) => {
  const { rows } = await worker.instance((tx) =>
    sql`SELECT FROM revocations WHERE kind = 'session' AND id = ${sessionIdOf(tokens)}`.execute(tx),
  );
  return rows.length;
};
const invalidGrant = { code: 'invalid_grant' };

describe('a login', () => {
  test('gives tokens for a session that is told in the chain of the tenant', async () => {
    const tokens = await login();
    expect(tokens).toMatchObject({
      tokenType: 'bearer',
      expiresIn: 300,
      refreshToken: expect.stringMatching(/^uapi_rt_[\w-]{43}$/),
    });
    expect(await sessions.verifier.verify(tokens.accessToken)).toMatchObject({
      ...{ iss: 'https://api.example.test', sub: ann.userId, tid: ann.tenantId, sid: sessionIdOf(tokens) },
      ...{ role: 'owner', amr: ['pwd'], plan: 'pro', pool: 'own', scope: expect.stringContaining('tenant:write') },
    });
    expect(await sessionRow(tokens)).toMatchObject({ ua_family: 'Firefox', ip_prefix: '192.0.2.0/24', kind: 'token' });
    const [entry] = await auditOf(ann.tenantId, 'auth.login');
    expect(entry).toMatchObject({
      object: tokens.sessionId,
      outcome: 'ok',
      ip_prefix: '192.0.2.0/24',
      diff: { amr: 'pwd' },
    });
  });

  test('by `username` is the same; two different addresses are refused', async () => {
    const { email, password } = ann;
    const byName = await sessions.service.login({ username: email, password } as never, callOf());
    expect(byName).toHaveProperty('accessToken');
    const both = sessions.service.login({ username: 'x@example.test', email, password } as never, callOf());
    await expect(both).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(sessions.service.login({ password } as never, callOf())).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  test('a token is nowhere in the database', async () => {
    const tokens = await login();
    await refresh(tokens.refreshToken);
    const { rows } = await worker.instance((tx) =>
      sql<{
        text: string;
      }>`SELECT t::text AS text FROM refresh_tokens t UNION ALL SELECT s::text FROM sessions s`.execute(tx),
    );
    const secret = tokens.refreshToken.slice('uapi_rt_'.length);
    const spellings = [secret, Buffer.from(secret).toString('hex'), tokens.accessToken.slice(0, 40)];
    expect(rows.length).toBeGreaterThan(2);
    for (const { text } of rows) for (const spelling of spellings) expect(text).not.toContain(spelling);
  });

  test('of somebody without an active tenant, or who is disabled, is refused', async () => {
    await worker.instance((tx) =>
      tx.updateTable('tenants').set({ status: 'suspended' }).where('tenant_id', '=', ann.tenantId).execute(),
    );
    await expect(login()).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await auditOf(ann.tenantId, 'auth.login.refused')).toMatchObject([{ reason: 'no active tenant' }]);
    await worker.instance((tx) =>
      tx.updateTable('tenants').set({ status: 'active' }).where('tenant_id', '=', ann.tenantId).execute(),
    );
    await worker.instance((tx) =>
      tx.updateTable('users').set({ status: 'disabled' }).where('user_id', '=', ann.userId).execute(),
    );
    await expect(login()).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('of an operator holds the scopes of the platform, of others never', async () => {
    await worker.instance((tx) =>
      tx.updateTable('users').set({ operator: true }).where('user_id', '=', ann.userId).execute(),
    );
    const scopeOf = async (tokens: TokenSet) => (await sessions.verifier.verify(tokens.accessToken)).scope.split(' ');
    expect(await scopeOf(await login())).toEqual(expect.arrayContaining(['platform:read', 'platform:write']));
    const cleo = await addPerson(database, 'viewer');
    sessions = createTestSessions(database, proofsOf([cleo]), secrets);
    const held = await scopeOf(await login(cleo));
    expect(held.filter((scope) => scope.startsWith('platform:') || scope.endsWith(':write'))).toEqual([]);
  });
});

describe('the second step', () => {
  const firstStep = async () => {
    const answer = await sessions.service.login({ email: ben.email, password: ben.password } as never, callOf());
    expect(Object.keys(answer)).toEqual(['mfaRequired', 'mfaToken']);
    return (answer as { mfaToken: string }).mfaToken;
  };
  const secondStep = (mfaToken: string, code = '123456') =>
    sessions.service.verifyTotp({ mfaToken, code } as never, callOf()) as Promise<TokenSet>;

  test('a right code begins the session, once', async () => {
    const mfaToken = await firstStep();
    const tokens = await secondStep(mfaToken);
    expect(await sessions.verifier.verify(tokens.accessToken)).toMatchObject({ amr: ['pwd', 'otp'], sub: ben.userId });
    await expect(secondStep(mfaToken)).rejects.toMatchObject(invalidGrant);
    expect(await auditOf(ben.tenantId, 'auth.login.first_step')).toHaveLength(1);
    expect(await auditOf(ben.tenantId, 'auth.login')).toMatchObject([{ diff: { amr: 'pwd otp' } }]);
  });

  test('a wrong code leaves the token', async () => {
    const mfaToken = await firstStep();
    await expect(secondStep(mfaToken, '000000')).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await secondStep(mfaToken)).toHaveProperty('accessToken');
  });

  test('of ten at once with the right code one begins a session', async () => {
    const mfaToken = await firstStep();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => secondStep(mfaToken)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of failed) expect(reason).toMatchObject(invalidGrant);
  });

  test('after five minutes, unknown or malformed is the same refusal', async () => {
    const mfaToken = await firstStep();
    sessions.clock.now += 300_000;
    const unknown = makeOpaqueToken('mfa', (size) => Buffer.alloc(size)).text;
    for (const text of [mfaToken, unknown, 'uapi_mfa_short', '']) {
      await expect(secondStep(text)).rejects.toMatchObject(invalidGrant);
    }
  });
});

describe('a refresh', () => {
  test('gives new tokens, each works once, and the session lives on from then', async () => {
    const first = await login();
    sessions.clock.now += 86_400_000;
    const second = await refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.sessionId).toBe(first.sessionId);
    const { idle_until, absolute_until, seen_at } = await sessionRow(first);
    expect(seen_at.getTime()).toBe(sessions.clock.now);
    expect(idle_until.getTime()).toBe(sessions.clock.now + 7 * 86_400_000);
    expect(absolute_until.getTime()).toBe(sessions.clock.now + 29 * 86_400_000);
  });

  test('T04 50 parallel refreshes of one token give one successor, 50 equal answers, 1 row changed', async () => {
    const tokens = await login();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(tokens.refreshToken)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const rows = await tokenRows(tokens);
    expect(rows).toHaveLength(2);
    expect(rows.filter(({ used_at }) => used_at !== null)).toHaveLength(1);
    expect(await auditOf(ann.tenantId, 'auth.refresh_reuse')).toEqual([]);
  });

  test('T04 the same when two replicas share them', async () => {
    const other = createTestSessions(database, proofsOf([ann]), secrets);
    const tokens = await login();
    const { refreshToken } = tokens;
    const half = (service: typeof other.service) =>
      Array.from({ length: 25 }, () => service.refresh({ refreshToken } as never, callOf()));
    const answers = await Promise.all([...half(sessions.service), ...half(other.service)]);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await tokenRows(tokens)).toHaveLength(2);
  });

  test('by a replica that cannot sign uses nothing up', async () => {
    const tokens = await login();
    const other = createTestSessions(database, proofsOf([ann]));
    const failed = other.service.refresh({ refreshToken: tokens.refreshToken } as never, callOf());
    await expect(failed).rejects.toMatchObject({ code: 'internal' });
    expect(await tokenRows(tokens)).toHaveLength(1);
    expect(await refresh(tokens.refreshToken)).toHaveProperty('accessToken');
  });

  test('T05 reuse at +11 s ends the family alone, and is told once', async () => {
    const stolen = await login();
    const elsewhere = await login();
    const successor = await refresh(stolen.refreshToken);
    sessions.clock.now += 11_000;
    const uses = await Promise.allSettled(Array.from({ length: 5 }, () => refresh(stolen.refreshToken)));
    for (const use of uses) expect(use).toMatchObject({ status: 'rejected', reason: invalidGrant });
    await expect(refresh(successor.refreshToken)).rejects.toMatchObject(invalidGrant);
    expect(await revoked(stolen)).toBe(1);
    const told = await auditOf(ann.tenantId, 'auth.refresh_reuse');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ object: stolen.sessionId, outcome: 'refused' });
    expect(await refresh(elsewhere.refreshToken)).toHaveProperty('accessToken');
    expect(await revoked(elsewhere)).toBe(0);
  });

  test('T06 an answer that got lost is given again: 200 of 200, no logout', async () => {
    let tokens = await login();
    for (let turn = 0; turn < 200; turn += 1) {
      const lost = await refresh(tokens.refreshToken);
      sessions.clock.now += 9_999;
      const again = await refresh(tokens.refreshToken);
      expect(again).toEqual(lost);
      tokens = again;
    }
    expect((await sessionRow(tokens)).revoked_at).toBeNull();
    expect(await auditOf(ann.tenantId, 'auth.refresh_reuse')).toEqual([]);
  });

  test('is refused once the session is idle too long, too old, ended, or for a token that is unknown', async () => {
    const idle = await login();
    sessions.clock.now += 7 * 86_400_000;
    await expect(refresh(idle.refreshToken)).rejects.toMatchObject(invalidGrant);
    let old = await login();
    for (let days = 0; days < 30; days += 6) {
      old = await refresh(old.refreshToken);
      sessions.clock.now += 6 * 86_400_000;
    }
    await expect(refresh(old.refreshToken)).rejects.toMatchObject(invalidGrant);
    const ended = await login();
    await sessions.service.logout({ all: false } as never, callBy(ann, ended));
    await expect(refresh(ended.refreshToken)).rejects.toMatchObject(invalidGrant);
    const unknown = makeOpaqueToken('refresh', (size) => Buffer.alloc(size)).text;
    for (const text of [unknown, 'uapi_rt_', '', ended.accessToken]) {
      await expect(refresh(text)).rejects.toMatchObject(invalidGrant);
    }
  });

  test('whose session ends while its answer is made changes nothing', async () => {
    const tokens = await login();
    const parts = sessions.serve(proofsOf([ann]));
    const issue: typeof parts.issue = async (holder, asOfMs) => {
      await sessions.service.logout({ all: false } as never, callBy(ann, tokens));
      return parts.issue(holder, asOfMs);
    };
    const late = refreshWith({ ...parts, issue })({ refreshToken: tokens.refreshToken } as never, callOf());
    await expect(late).rejects.toMatchObject(invalidGrant);
    expect(await tokenRows(tokens)).toMatchObject([{ used_at: null, successor_hash: null }]);
  });

  test('that races with a logout leaves no live token behind', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const tokens = await login();
      const [renewed] = await Promise.allSettled([
        refresh(tokens.refreshToken),
        sessions.service.logout({ all: false } as never, callBy(ann, tokens)),
      ]);
      if (renewed.status === 'fulfilled') {
        await expect(refresh(renewed.value.refreshToken)).rejects.toMatchObject(invalidGrant);
      }
    }
  });

  test('says the role that holds now, and moves on where the membership is gone', async () => {
    const tokens = await login();
    const other = await addPerson(database);
    await addMember(database, { tenantId: other.tenantId, userId: ann.userId, role: 'viewer' });
    await database.transaction(ann.tenantId, (tx) =>
      tx.updateTable('memberships').set({ role: 'developer' }).where('user_id', '=', ann.userId).execute(),
    );
    const demoted = await refresh(tokens.refreshToken);
    expect(await sessions.verifier.verify(demoted.accessToken)).toMatchObject({ role: 'developer', tid: ann.tenantId });
    await database.transaction(ann.tenantId, (tx) =>
      tx.deleteFrom('memberships').where('user_id', '=', ann.userId).execute(),
    );
    const moved = await refresh(demoted.refreshToken);
    expect(await sessions.verifier.verify(moved.accessToken)).toMatchObject({ role: 'viewer', tid: other.tenantId });
  });
});

describe('leaving', () => {
  const logout = (all: boolean, tokens: TokenSet) => sessions.service.logout({ all } as never, callBy(ann, tokens));

  test('logout ends this session, with its revocation, and is in the chain', async () => {
    const [here, there] = [await login(), await login()];
    expect(await logout(false, here)).toMatchObject({ revokedSessions: 1 });
    expect([await revoked(here), await revoked(there)]).toEqual([1, 0]);
    expect(await auditOf(ann.tenantId, 'auth.logout')).toMatchObject([{ object: here.sessionId, outcome: 'ok' }]);
    expect(await logout(false, here)).toMatchObject({ revokedSessions: 0 });
  });

  test('logout of all ends every session of the user and nobody else’s', async () => {
    const own = [await login(), await login(), await login()];
    const cleo = await addPerson(database);
    const foreign = await createTestSessions(database, proofsOf([cleo]), secrets).service.login(
      { email: cleo.email, password: cleo.password } as never,
      callOf(),
    );
    expect(await logout(true, own[0] as TokenSet)).toMatchObject({ revokedSessions: 3 });
    for (const tokens of own) expect(await revoked(tokens)).toBe(1);
    expect(await revoked(foreign as TokenSet)).toBe(0);
  });

  test('one, or all but this one, of the own; another’s is not found', async () => {
    const [here, there, third] = [await login(), await login(), await login()];
    const stranger = await addPerson(database);
    const end = (person: TestPerson, tokens: TokenSet, sessionId: string) =>
      sessions.service.revokeSession({ sessionId } as never, callBy(person, tokens));
    const foreign = callOf({ typ: 'user', sub: stranger.userId, sid: newId(), tid: stranger.tenantId });
    const byStranger = sessions.service.revokeSession({ sessionId: there.sessionId } as never, foreign);
    await expect(byStranger).rejects.toMatchObject({ code: 'not_found' });
    expect(await revoked(there)).toBe(0);
    expect(await end(ann, here, there.sessionId)).toMatchObject({ revokedSessions: 1 });
    for (const id of [there.sessionId, toPublicId('session', newId()), 'ses_x', '']) {
      await expect(end(ann, here, id)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await sessions.service.revokeOtherSessions({} as never, callBy(ann, here))).toMatchObject({
      revokedSessions: 1,
    });
    expect([await revoked(here), await revoked(there), await revoked(third)]).toEqual([0, 1, 1]);
  });

  test('is for people: a key is refused', async () => {
    const key = callOf({ typ: 'key', sub: newId(), key: newId(), tid: ann.tenantId });
    const calls = [
      () => sessions.service.logout({ all: true } as never, key),
      () => sessions.service.listSessions({} as never, key),
      () => sessions.service.switchTenant({ tenantId: toPublicId('tenant', ann.tenantId) } as never, key),
      () => sessions.service.reauthenticate({ password: 'x' } as never, key),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
