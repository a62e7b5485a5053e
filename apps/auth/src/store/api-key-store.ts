import { sql, type Database } from '@universal-api/database';
import type { KeyStanding } from '../key-rights.ts';
import type { AuthTables } from './auth-tables.ts';

/** A key as the look-up function gives it, with what matters of its tenant. */
export interface FoundKey extends KeyStanding {
  readonly key_id: string;
  readonly lineage_id: string;
  readonly mode: string;
  readonly mac: Buffer;
  readonly pepper_v: number;
  readonly plan: string;
  readonly credential_pool: string;
  /** Networks it works from; empty: all. */
  readonly ip_allow: readonly string[];
  /** Units by policy: of the key, else of its tenant. */
  readonly limits: Readonly<Record<string, number>>;
}

/** The MAC of a key, and the one it takes the place of. */
export interface MacChange {
  readonly tenantId: string;
  readonly keyId: string;
  readonly from: { readonly mac: Buffer; readonly version: number };
  readonly to: { readonly mac: Buffer; readonly version: number };
}

/** API keys in PostgreSQL. Errors of every method: those of `Database`. */
export interface ApiKeyStore {
  /** The key with this public part, whatever its tenant: one SELECT through `auth.find_api_key`. */
  find(id12: string): Promise<FoundKey | undefined>;
  /** Puts a MAC under a newer pepper in place of the old one, unless somebody else did. */
  changeMac(change: MacChange): Promise<void>;
}

/** The store over a pool of role `auth_app`. */
export function createApiKeyStore(database: Database<AuthTables>): ApiKeyStore {
  return {
    find: (id12) =>
      database.instance(async (tx) => {
        const { rows } = await sql<FoundKey>`SELECT * FROM auth.find_api_key(${id12})`.execute(tx);
        return rows[0];
      }),
    changeMac: ({ tenantId, keyId, from, to }) =>
      database.transaction(tenantId, async (tx) => {
        await tx
          .updateTable('api_keys')
          .set({ mac: to.mac, pepper_v: to.version })
          .where('tenant_id', '=', tenantId)
          .where('key_id', '=', keyId)
          .where('mac', '=', from.mac)
          .where('pepper_v', '=', from.version)
          .execute();
      }),
  };
}
