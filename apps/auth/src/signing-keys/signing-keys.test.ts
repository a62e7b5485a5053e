import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { newId } from '@universal-api/ids';
import { defaultPolicies } from '@universal-api/limits';
import { createAccessTokenVerifier, platformScopes, roleScopes } from '@universal-api/principal';
import { createAuthDatabase, pepperText, ringOf } from '../../test/auth-fixture.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { createAccessTokenIssuer, type TokenHolder } from './issue-access-token.ts';
import { createSigningKeys, type SigningKeysParts } from './signing-keys.ts';

const dataKeys = ringOf(pepperText(1));
const times = { publishAheadMs: 900_000, useForMs: 7 * 86_400_000, keepAfterMs: 1_200_000 };
let server: TestDatabase;
let database: Database<AuthTables>;
let now: number;

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
}, 60_000);
afterAll(() => server.drop());
beforeEach(async () => {
  now = Date.UTC(2026, 10, 1);
  await database.instance((tx) => tx.deleteFrom('signing_keys').execute());
});

const keysOf = (parts: Partial<SigningKeysParts> = {}) =>
  createSigningKeys({ database, dataKeys, times, clock: () => now, newId, recheckMs: 0, ...parts });
const noRecord = async () => {};
const states = async (keys = keysOf()) => (await keys.list()).map(({ state }) => state).sort();
const holder: TokenHolder = {
  userId: newId(),
  sessionId: newId(),
  tenantId: newId(),
  role: 'owner',
  scopes: ['search:read'],
  amr: ['pwd'],
  plan: 'free',
  pool: 'local',
};
const issuer = 'https://api.example.test';

function installation(keys = keysOf()) {
  const clock = () => now;
  const issue = createAccessTokenIssuer({ signer: () => keys.signer(), issuer, ttlS: 300, newId });
  const fetchJwks = () => keys.jwks();
  const reader = createAccessTokenVerifier({ issuer, leewayS: 60, refetchMs: 30_000, clock, fetchJwks });
  return { keys, issue, reader };
}

describe('the signing keys of an installation', () => {
  test('the first use makes one that signs and one that is published to follow', async () => {
    expect(await states()).toEqual(['current', 'next']);
    expect(JSON.parse(await keysOf().jwks())).toMatchObject({
      keys: [1, 2].map(() => ({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })),
    });
  });

  test('ten replicas that start at once make one current key, and all sign with it', async () => {
    // All connections are there, so that the replicas really meet.
    const nap = () => database.instance((tx) => sql`SELECT pg_sleep(0.1)`.execute(tx));
    await Promise.all([nap(), nap(), nap(), nap()]);
    for (let round = 0; round < 5; round += 1) {
      await database.instance((tx) => tx.deleteFrom('signing_keys').execute());
      const signers = await Promise.all(Array.from({ length: 10 }, () => keysOf().signer()));
      expect(new Set(signers.map(({ kid }) => kid)).size).toBe(1);
      expect(await states()).toEqual(['current', 'next']);
    }
  });

  test('the table itself holds no second current key', async () => {
    await keysOf().list();
    const second = database.instance((tx) => tx.updateTable('signing_keys').set({ state: 'current' }).execute());
    await expect(second).rejects.toThrow(/signing_keys_one_current|check constraint/);
  });

  test('after seven days the published one takes over, and the old one is dropped 20 minutes later', async () => {
    const keys = keysOf();
    const first = (await keys.signer()).kid;
    now += times.useForMs - 1;
    expect((await keys.signer()).kid).toBe(first);
    now += 1;
    expect((await keys.signer()).kid).not.toBe(first);
    expect(await states(keys)).toEqual(['current', 'next', 'retired']);
    now += times.keepAfterMs - 1;
    expect(await keys.jwks()).toContain(first);
    now += 1;
    expect(await keys.jwks()).not.toContain(first);
  });

  test('no private part is readable in the table, nor opens under another key', async () => {
    await keysOf().list();
    const { rows } = await database.instance((tx) =>
      sql<{ text: string }>`SELECT t::text AS text FROM signing_keys t`.execute(tx),
    );
    expect(rows).toHaveLength(2);
    for (const { text } of rows) expect(text).not.toMatch(/PRIVATE|"d"/);
    await expect(keysOf({ dataKeys: ringOf(pepperText(1)) }).signer()).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('a rotation that is asked for', () => {
  test('waits until readers can know the next key, and says when', async () => {
    const keys = keysOf();
    const first = (await keys.signer()).kid;
    now += 60_000;
    const [next, current] = await keys.rotate(noRecord);
    expect(next).toMatchObject({ state: 'next', use_from: new Date(now + 840_000) });
    expect(current).toMatchObject({ kid: first, state: 'current', use_until: new Date(now + 840_000) });
    now += 840_000;
    expect((await keys.signer()).kid).toBe(next?.kid);
  });

  test('is at once where the next key has long been published', async () => {
    const keys = keysOf();
    const first = (await keys.signer()).kid;
    now += times.publishAheadMs;
    const after = await keys.rotate(noRecord);
    expect(after.map(({ state }) => state).sort()).toEqual(['current', 'next', 'retired']);
    expect((await keys.signer()).kid).not.toBe(first);
    const other = keysOf();
    expect((await other.signer()).kid).toBe((await keys.signer()).kid);
  });

  test('is undone with what records it', async () => {
    const keys = keysOf();
    const first = (await keys.signer()).kid;
    now += times.publishAheadMs;
    const failed = keys.rotate(async () => Promise.reject(new Error('no audit')));
    await expect(failed).rejects.toThrow('no audit');
    expect((await keys.signer()).kid).toBe(first);
  });

  test('T07 20 rotations refuse no good token, and a retired key is refused after its time', async () => {
    const { keys, issue, reader } = installation();
    const old = await issue(holder, now);
    let fetched = 0;
    const fetchJwks = () => {
      fetched += 1;
      return keys.jwks();
    };
    const counted = createAccessTokenVerifier({ issuer, leewayS: 60, refetchMs: 30_000, clock: () => now, fetchJwks });
    const kids = new Set<string>();
    const held: string[] = [];
    for (let minute = 0; minute < 20 * 16; minute += 1) {
      if (minute % 16 === 0) await keys.rotate(noRecord);
      kids.add((await keys.signer()).kid);
      held.push((await issue(holder, now)).text);
      // Tokens of the last five minutes are alive.
      for (const text of held.slice(-5)) await counted.verify(text);
      now += 60_000;
    }
    expect(kids.size).toBeGreaterThanOrEqual(20);
    expect(fetched).toBeLessThanOrEqual(20 * 16);
    await expect(reader.verify(old.text)).rejects.toMatchObject({ code: 'invalid_token' });
    // Even if it were not expired: its key is no longer published.
    expect(await keys.jwks()).not.toContain(JSON.parse(atob(old.text.split('.')[0] ?? '')).kid);
  });
});

describe('an issued token', () => {
  test('names the limits of its tenant if there are any, and with all of them and every scope it can still be sent', async () => {
    const { issue, reader } = installation();
    const bare = await issue({ ...holder, limits: {} }, now);
    expect(await reader.verify(bare.text)).not.toHaveProperty('limits');
    const limits = Object.fromEntries(Object.keys(defaultPolicies()).map((policy) => [policy, 1_000_000]));
    const scopes = [...roleScopes.owner, ...platformScopes];
    const full = await issue({ ...holder, scopes, limits }, now);
    expect(await reader.verify(full.text)).toMatchObject({ limits });
  });

  test('is verified by the keys that are published, and says what holds', async () => {
    const { issue, reader } = installation();
    const { text, expiresIn } = await issue(holder, now);
    const iat = Math.floor(now / 1000);
    expect(expiresIn).toBe(300);
    expect(await reader.verify(text)).toEqual({
      ...{
        iss: issuer,
        aud: 'uapi',
        client_id: 'uapi',
        sub: holder.userId,
        tid: holder.tenantId,
        sid: holder.sessionId,
      },
      ...{ iat, exp: iat + 300, jti: expect.any(String), scope: 'search:read' },
      ...{ role: 'owner', amr: ['pwd'], plan: 'free', pool: 'local' },
    });
  });
});
