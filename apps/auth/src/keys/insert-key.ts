import { sql, type RawBuilder, type Transaction } from '@universal-api/database';
import { makeApiKey, type KeyMode } from '@universal-api/principal';
import { macSecret } from '../key-mac.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { KeyParts } from './key-parts.ts';

/** A key to be made. */
export interface NewKey {
  readonly tenantId: string;
  readonly name: string;
  readonly mode: KeyMode;
  /** UUID; null: the tenant's own. */
  readonly owner: string | null;
  readonly scopes: readonly string[];
  readonly ipAllow: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** When it ends, as SQL over the clock of the database; null: never. */
  readonly expiresAt: RawBuilder<Date | null>;
  /** Absent: the first of a lineage of its own. */
  readonly rotates?: { readonly keyId: string; readonly lineageId: string; readonly budgetAccount: string | null };
}

/** Stores a new key, and gives its UUID and the text that is shown once. */
export async function insertKey(
  tx: Transaction<AuthTables>,
  { peppers, randomBytes, newId }: Pick<KeyParts, 'peppers' | 'randomBytes' | 'newId'>,
  key: NewKey,
): Promise<{ keyId: string; text: string }> {
  const { text, id12, secret32, last4 } = makeApiKey(key.mode, randomBytes);
  const [pepper] = peppers;
  const keyId = newId();
  // A network may be written with bits below its mask; PostgreSQL stores it without.
  await sql`
    INSERT INTO api_keys (tenant_id, key_id, id12, lineage_id, owner, name, mode, mac, pepper_v, last4, scopes, ip_allow,
                          limits, metadata, budget_account, expires_at, rotated_from, shown)
    VALUES (${key.tenantId}, ${keyId}, ${id12}, ${key.rotates?.lineageId ?? keyId}, ${key.owner}, ${key.name}, ${key.mode},
            ${macSecret(pepper, secret32)}, ${pepper.version}, ${last4}, ${[...key.scopes]}::text[],
            ${networksOf(key.ipAllow)}, ${JSON.stringify(key.limits)}::jsonb, ${JSON.stringify(key.metadata)}::jsonb,
            ${key.rotates?.budgetAccount ?? null}, ${key.expiresAt}, ${key.rotates?.keyId ?? null}, true)`.execute(tx);
  return { keyId, text };
}

/** Networks as they are stored. */
export function networksOf(ipAllow: readonly string[]): RawBuilder<unknown> {
  return sql`ARRAY(SELECT network(n::inet)::cidr FROM unnest(${[...ipAllow]}::text[]) WITH ORDINALITY AS o(n, i) ORDER BY i)`;
}
