import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { newId, systemTenantId } from '@universal-api/ids';
import { timestampDate } from '@universal-api/protos';
import { createAuthDatabase, pepperText, ringOf } from '../../test/auth-fixture.ts';
import { callOf } from '../../test/session-fixture.ts';
import { createRecordAudit } from '../audit/record-audit.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { getJwks } from './get-jwks.ts';
import { signingKeyHandlers } from './signing-key-handlers.ts';
import { createSigningKeys } from './signing-keys.ts';
import { signingKeyTimes } from './signing-key.ts';

const issuer = 'https://api.example.test';
let server: TestDatabase;
let database: Database<AuthTables>;
let now = Date.UTC(2026, 10, 1);

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
}, 60_000);
afterAll(() => server.drop());

const parts = () => {
  const dataKeys = ringOf(pepperText(1));
  const signingKeys = createSigningKeys({ database, dataKeys, times: signingKeyTimes, clock: () => now, newId });
  return { signingKeys, issuer, recordAudit: createRecordAudit() };
};

describe('keys that sign', () => {
  test('are listed, rotated and published without their private part; a rotation is in the chain of the platform', async () => {
    const own = parts();
    const { listSigningKeys, rotateSigningKeys } = signingKeyHandlers(own);
    const operator = callOf({ typ: 'user', sub: newId(), sid: newId(), tid: newId() });
    const { keys: before = [] } = await listSigningKeys({} as never, operator);
    expect(before.map(({ state }) => state).sort()).toEqual(['current', 'next']);
    now += signingKeyTimes.publishAheadMs;
    const { keys: after = [] } = await rotateSigningKeys({} as never, operator);
    expect(after.map(({ state }) => state).sort()).toEqual(['current', 'next', 'retired']);
    const retired = after.find(({ state }) => state === 'retired');
    expect(retired?.dropAt && timestampDate(retired.dropAt as never).getTime()).toBe(now + signingKeyTimes.keepAfterMs);
    const { jwksJson = '', issuer: told } = await getJwks(own)();
    expect(told).toBe(issuer);
    const { keys } = JSON.parse(jwksJson) as { keys: Record<string, unknown>[] };
    expect(keys.map(({ kid }) => kid)).toEqual(after.map(({ kid }) => kid));
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(
      JSON.stringify(after, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toMatch(/private|v1\./);
    const rows = await database.transaction(systemTenantId, (tx) => tx.selectFrom('audit').selectAll().execute());
    expect(rows).toMatchObject([{ action: 'auth.signing_key.rotated', outcome: 'ok', tenant_id: systemTenantId }]);
  });
});
