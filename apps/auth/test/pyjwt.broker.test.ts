import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import type { AuthTables } from '../src/store/auth-tables.ts';
import { createAuthDatabase } from './auth-fixture.ts';
import { findPyJwt, type PyJwt } from './find-pyjwt.ts';
import { addPerson, callOf, createTestSessions, proofsOf, type TestPerson } from './session-fixture.ts';

const script = fileURLToPath(new URL('verify-tokens.py', import.meta.url));
const found = findPyJwt();

/** As with servers: what cannot run counts as skipped, or fails a run that must leave nothing out. */
if (typeof found === 'string') {
  const skipOrFail = process.env['INFRA'] === 'required' ? test : test.skip;
  skipOrFail('access tokens verify with PyJWT', () => {
    throw new Error(found);
  });
} else {
  describe('access tokens verify with PyJWT', () => verifyWith(found));
}

function verifyWith({ python, folder }: PyJwt): void {
  let server: TestDatabase;
  let database: Database<AuthTables>;
  let person: TestPerson;
  let sessions: ReturnType<typeof createTestSessions>;
  beforeAll(async () => {
    server = await createAuthDatabase();
    database = server.database<AuthTables>('auth_app');
    person = await addPerson(database);
    sessions = createTestSessions(database, proofsOf([person]));
  });
  afterAll(() => server.drop());

  const ask = async (...tokens: string[]) => {
    const jwks: unknown = JSON.parse(await sessions.signingKeys.jwks());
    const input = JSON.stringify({ jwks, issuer: sessions.issuer, tokens });
    const options = { input, encoding: 'utf8', timeout: 30_000, env: { ...process.env, PYTHONPATH: folder } } as const;
    return JSON.parse(execFileSync(python, [script], options)) as unknown;
  };
  const login = async () => {
    const request = { email: person.email, password: person.password };
    const { accessToken = '' } = await sessions.service.login(request as never, callOf());
    return accessToken;
  };

  test('from the key set alone, also after a rotation', async () => {
    // The first two keys are two hours old, so that the second may take over at once.
    sessions.clock.now -= 2 * 3_600_000;
    await sessions.signingKeys.list();
    sessions.clock.now += 2 * 3_600_000;
    const before = await login();
    await sessions.signingKeys.rotate(async () => {});
    const after = await login();
    const good = {
      header: { alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) },
      claims: expect.objectContaining({ sub: person.userId, tid: person.tenantId, client_id: 'uapi' }),
    };
    const answers = await ask(before, after);
    expect(answers).toEqual([good, good]);
    const kids = (answers as { header: { kid: string } }[]).map(({ header }) => header.kid);
    expect(new Set(kids).size).toBe(2);
  });

  test('and are refused when altered, expired, or signed by another installation', async () => {
    const token = await login();
    const [head = '', body = '', mark = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const raised = Buffer.from(JSON.stringify({ ...claims, role: 'owner', scope: 'platform:write' })).toString(
      'base64url',
    );
    sessions.clock.now -= 400_000;
    const expired = await login();
    sessions.clock.now += 400_000;
    const refused = [{ error: 'InvalidSignatureError' }, { error: 'ExpiredSignatureError' }];
    expect(await ask(`${head}.${raised}.${mark}`, expired)).toEqual(refused);
    await database.instance((tx) => tx.deleteFrom('signing_keys').execute());
    expect(await ask(token)).toEqual([{ error: 'KeyError' }]);
  });
}
