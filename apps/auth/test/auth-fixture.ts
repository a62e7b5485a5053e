import { randomBytes } from 'node:crypto';
import { Secret } from '@universal-api/config';
import type { Database } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { newId } from '@universal-api/ids';
import { makeApiKey, parseKeyRing, type KeyMode, type KeyRing } from '@universal-api/principal';
import { macSecret } from '../src/key-mac.ts';
import { authMigrations } from '../src/store/auth-migrations.ts';
import type { ApiKeysTable, AuthTables } from '../src/store/auth-tables.ts';

/** A text of a pepper version, random as in the product. */
export const pepperText = (version: number) => `v${version}:${randomBytes(32).toString('base64')}`;

/** A ring of the texts given, the first current. */
export const ringOf = (...texts: string[]): KeyRing => parseKeyRing('AUTH_KEY_PEPPER', new Secret(texts.join(',')));

/** A database with schema `auth` and nothing in it but the reserved tenants. */
export const createAuthDatabase = (): Promise<TestDatabase> => createTestDatabase({ schemas: [authMigrations] });

/** Stores a tenant and gives its id. */
export async function addTenant(database: Database<AuthTables>, plan = 'pro'): Promise<string> {
  const tenantId = newId();
  const row = { tenant_id: tenantId, slug: `t${randomBytes(6).toString('hex')}`, name: 'A tenant' };
  await database.transaction(tenantId, (tx) =>
    tx
      .insertInto('tenants')
      .values({ ...row, plan, credential_pool: 'own' })
      .execute(),
  );
  return tenantId;
}

/** A stored key, and its text that only its holder has. */
export interface HeldKey {
  readonly text: string;
  readonly tenantId: string;
  readonly keyId: string;
  readonly id12: string;
  readonly secret32: string;
}

/** Stores a tenant's own active key with the scopes given. */
export async function addKey(
  database: Database<AuthTables>,
  pepper: KeyRing,
  key: { tenantId: string; scopes?: readonly string[]; mode?: KeyMode },
): Promise<HeldKey> {
  const { tenantId, scopes = ['search:read', 'data:read'], mode = 'live' } = key;
  const { text, id12, secret32, last4 } = makeApiKey(mode, randomBytes);
  const keyId = newId();
  const [{ version }] = pepper;
  const stored = { mode, mac: macSecret(pepper[0], secret32), pepper_v: version, last4, scopes: [...scopes] };
  const names = { tenant_id: tenantId, key_id: keyId, id12, lineage_id: keyId, name: 'A key' };
  await database.transaction(tenantId, (tx) =>
    tx
      .insertInto('api_keys')
      .values({ ...names, ...stored })
      .execute(),
  );
  return { text, tenantId, keyId, id12, secret32 };
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A key of right shape and checksum with these parts. */
export function spellKey(mode: KeyMode, id12: string, secret32: string): string {
  const parts = [id12, secret32];
  return makeApiKey(mode, () => Uint8Array.from(parts.shift() ?? '', (letter) => letters.indexOf(letter))).text;
}

/** Changes a stored key. */
export async function changeKey(
  database: Database<AuthTables>,
  { tenantId, keyId }: Pick<HeldKey, 'tenantId' | 'keyId'>,
  change: { [Column in keyof ApiKeysTable]?: unknown },
): Promise<void> {
  await database.transaction(tenantId, (tx) =>
    tx
      .updateTable('api_keys')
      .set(change as never)
      .where('key_id', '=', keyId)
      .execute(),
  );
}

/** The same database, and a list that grows by each statement its callers run. */
export function countStatements<Tables>(
  database: Database<Tables>,
): Database<Tables> & { readonly statements: string[] } {
  const statements: string[] = [];
  const counted: Pick<Database<Tables>, 'transaction' | 'asUser' | 'instance'> = {
    transaction: (tenantId, work) => database.transaction(tenantId, (tx) => work(tx.withPlugin(counter) as typeof tx)),
    asUser: (userId, work) => database.asUser(userId, (tx) => work(tx.withPlugin(counter) as typeof tx)),
    instance: (work) => database.instance((tx) => work(tx.withPlugin(counter) as typeof tx)),
  };
  const counter = {
    transformQuery<Node extends { readonly kind: string }>({ node }: { readonly node: Node }): Node {
      statements.push(node.kind);
      return node;
    },
    transformResult: async <Result>({ result }: { readonly result: Result }): Promise<Result> => result,
  };
  return { ...database, ...counted, statements };
}
