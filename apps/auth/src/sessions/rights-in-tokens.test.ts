import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { fromPublicId, toPublicId } from '@universal-api/ids';
import { createAuthDatabase } from '../../test/auth-fixture.ts';
import { addPerson, callOf, createTestSessions, proofsOf } from '../../test/session-fixture.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { TokenSet } from './tokens/replay-blob.ts';

let server: TestDatabase;
let database: Database<AuthTables>;
beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
}, 60_000);
afterAll(() => server.drop());

test('a token is no younger than the look at the rights in it, however long it takes to make', async () => {
  const ann = await addPerson(database);
  let passMs = 0;
  const slow: Database<AuthTables> = {
    ...database,
    async asUser(userId, work) {
      const result = await database.asUser(userId, work);
      sessions.clock.now += passMs;
      return result;
    },
  };
  const sessions = createTestSessions(slow, proofsOf([ann]));
  const { service } = sessions;
  const begin = () =>
    service.login({ email: ann.email, password: ann.password } as never, callOf()) as Promise<TokenSet>;
  const first = await begin();
  const sid = fromPublicId('session', first.sessionId) ?? '';
  const asAnn = callOf({ typ: 'user', sub: ann.userId, sid, tid: ann.tenantId });
  const ways = [
    begin,
    () => service.refresh({ refreshToken: first.refreshToken } as never, callOf()) as Promise<TokenSet>,
    () => service.switchTenant({ tenantId: toPublicId('tenant', ann.tenantId) } as never, asAnn) as Promise<TokenSet>,
  ];
  passMs = 2_000;
  for (const way of ways) {
    const askedAt = Math.floor(sessions.clock.now / 1_000);
    const { accessToken } = await way();
    expect((await sessions.verifier.verify(accessToken)).iat).toBeLessThanOrEqual(askedAt);
  }
});
