import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openDatabase, sql, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { defaultTenantId, newId } from '@universal-api/ids';
import { platformScopes, roleScopes } from '@universal-api/principal';
import { create } from '@universal-api/protos';
import { VerifyKeyRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { createAuthDatabase, pepperText, ringOf } from '../../test/auth-fixture.ts';
import { verifyKey } from '../rpc/verify-key.ts';
import { createApiKeyStore } from '../store/api-key-store.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { createInstallationStore } from '../store/installation-store.ts';
import { bootstrapInstallation, type InstallationKey } from './bootstrap-installation.ts';

const peppers = ringOf(pepperText(1));
let server: TestDatabase;
let database: Database<AuthTables>;

/** The superuser, for what no role of the product may do. */
let administrator: Database<AuthTables>;

const asAdministrator = (statement: string) =>
  administrator.instance(async (tx) => {
    await sql`SET LOCAL ROLE NONE`.execute(tx);
    await sql.raw(statement).execute(tx);
  });

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  administrator = openDatabase<AuthTables>({ url: server.adminUrl, role: 'auth_app', poolSize: 1 });
}, 60_000);
beforeEach(() => asAdministrator('TRUNCATE auth.api_keys'));
afterAll(async () => {
  await administrator.close();
  await server.drop();
});

/** A start of the product, with a pool of its own unless one is given. */
const start = (show: (made: InstallationKey) => void | Promise<void>, pool = server.database<AuthTables>('auth_app')) =>
  bootstrapInstallation({ installation: createInstallationStore(pool), peppers, randomBytes, newId }, show);
const verify = ({ key }: InstallationKey) =>
  verifyKey({ keys: createApiKeyStore(database), peppers })(create(VerifyKeyRequestSchema, { key: key.reveal() }));
const storedKeys = () =>
  database.transaction(defaultTenantId, (tx) =>
    tx.selectFrom('api_keys').select(['id12', 'state', 'shown', 'expires_at']).orderBy('created_at').execute(),
  );

/** Comes back once so many starts wait for the lock; gives up after 5 s. */
async function untilWaiting(count: number): Promise<void> {
  const giveUpAt = Date.now() + 5_000;
  for (let waiting = -1; waiting !== count;) {
    if (Date.now() > giveUpAt) throw new Error(`${waiting} starts wait for the lock instead of ${count}`);
    const { rows } = await database.instance((tx) =>
      sql<{ waiting: number }>`SELECT count(*)::int AS waiting FROM pg_locks
        WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(tx),
    );
    waiting = rows[0]?.waiting ?? 0;
  }
}

/** A `show` that keeps what it is given. */
function collect() {
  const shown: InstallationKey[] = [];
  return { shown, show: (made: InstallationKey) => void shown.push(made) };
}
function only(shown: readonly InstallationKey[]): InstallationKey {
  const [made] = shown;
  if (made === undefined || shown.length !== 1) throw new Error(`${shown.length} keys were shown instead of one`);
  return made;
}

describe('the first start', () => {
  test('makes one key that runs the installation, and shows it once', async () => {
    const { shown, show } = collect();
    const outcome = await start(show);
    const made = only(shown);
    expect(outcome).toEqual({ kind: 'made', id12: made.id12 });
    expect(await storedKeys()).toEqual([{ id12: made.id12, state: 'active', shown: true, expires_at: null }]);
    expect(await verify(made)).toMatchObject({
      valid: true,
      tenantId: defaultTenantId,
      userId: '',
      id12: made.id12,
      scopes: [...roleScopes.owner, ...platformScopes],
      plan: 'unlimited',
      mode: 'live',
      credentialPool: 'shared',
    });
  });

  test('has the key stored before it shows it, so that what is shown works', async () => {
    let answer: unknown;
    await start(async (made) => void (answer = await verify(made)));
    expect(answer).toMatchObject({ valid: true });
  });

  test('prints nothing of the key but to whoever asks', async () => {
    const { shown, show } = collect();
    const outcome = await start(show);
    const made = only(shown);
    expect(`${JSON.stringify([outcome, made])}${String(made.key)}`).not.toContain(made.key.reveal().slice(24));
  });
});

describe('a later start', () => {
  test('makes nothing and gives the public part', async () => {
    const first = collect();
    await start(first.show);
    const later = collect();
    expect(await start(later.show)).toEqual({ kind: 'kept', id12: only(first.shown).id12 });
    expect(later.shown).toEqual([]);
    expect(await storedKeys()).toHaveLength(1);
  });

  test('does not bring back a key that was revoked on purpose', async () => {
    await start(() => {});
    await database.transaction(defaultTenantId, (tx) => tx.updateTable('api_keys').set({ state: 'revoked' }).execute());
    expect(await start(() => {})).toEqual({ kind: 'kept', id12: undefined });
    expect(await storedKeys()).toHaveLength(1);
  });
});

describe('a start that ends between making and showing', () => {
  test('leaves a key that the next start revokes and makes anew', async () => {
    const lost: InstallationKey[] = [];
    for (let crash = 0; crash < 3; crash += 1) {
      const died = start((made) => {
        lost.push(made);
        throw new Error('killed');
      });
      await expect(died).rejects.toThrow('killed');
    }
    const { shown, show } = collect();
    expect(await start(show)).toMatchObject({ kind: 'made' });
    const made = only(shown);
    expect((await storedKeys()).map(({ state, shown: wasShown }) => [state, wasShown])).toEqual([
      ...lost.map(() => ['revoked', false]),
      ['active', true],
    ]);
    for (const key of lost) expect(await verify(key)).toEqual({ valid: false });
    expect(await verify(made)).toMatchObject({ valid: true });
  });

  test('lets a waiting one go on', async () => {
    let waiting: Promise<unknown> | undefined;
    const { shown, show } = collect();
    const died = start(async () => {
      waiting = start(show);
      await untilWaiting(1);
      expect(shown).toEqual([]);
      throw new Error('killed');
    });
    await expect(died).rejects.toThrow('killed');
    expect(await waiting).toEqual({ kind: 'made', id12: only(shown).id12 });
  });

  test('and lost its lock, does not call a replaced key shown', async () => {
    const { shown, show } = collect();
    const slow = start(async () => {
      await asAdministrator(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
      await start(show);
    });
    await expect(slow).rejects.toThrow();
    expect((await storedKeys()).map(({ state, shown: wasShown }) => [state, wasShown])).toEqual([
      ['revoked', false],
      ['active', true],
    ]);
    expect(await verify(only(shown))).toMatchObject({ valid: true });
  });
});

test('starts at the same time make one key between them', async () => {
  const { shown, show } = collect();
  const slowShow = async (made: InstallationKey) => {
    await untilWaiting(3);
    show(made);
  };
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => start(slowShow)));
  const made = only(shown);
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['kept', 'kept', 'kept', 'made']);
  expect(new Set(outcomes.map(({ id12 }) => id12))).toEqual(new Set([made.id12]));
  expect(await storedKeys()).toHaveLength(1);
  expect(await verify(made)).toMatchObject({ valid: true });
});
