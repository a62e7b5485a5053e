import { sql, type Database, type Insertable } from '@universal-api/database';
import { defaultTenantId } from '@universal-api/ids';
import type { ApiKeysTable, AuthTables } from './auth-tables.ts';

/** The first key of an installation, as it is stored. */
export interface InstallationKeyRow {
  readonly keyId: string;
  readonly id12: string;
  readonly lineageId: string;
  readonly mac: Buffer;
  readonly pepperVersion: number;
  readonly last4: string;
  readonly scopes: readonly string[];
}

/** What tenant `default` has: a key that somebody has seen (its public part while it works), or none. */
export type InstallationState =
  { readonly isSeen: false } | { readonly isSeen: true; readonly id12: string | undefined };

/** Tenant `default` and its first key. Errors of every method: those of `Database`. */
export interface InstallationStore {
  /**
   * Runs `work` while nobody else, in any process, does the same. The lock ends with the work or the process; it takes one
   * connection of the pool, so `work` needs another.
   */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Whether a key of `default` was ever shown, and the public part of the oldest that runs the installation now. */
  read(): Promise<InstallationState>;
  /** Revokes keys that nobody has seen, gives the tenant its plan and pool, and stores the key, in one transaction. */
  make(row: InstallationKeyRow): Promise<void>;
  /** Marks a key as shown; `false` if it does not work any more. */
  markShown(keyId: string): Promise<boolean>;
}

/** The store over a pool of role `auth_app`, of two connections at least. */
export function createInstallationStore(database: Database<AuthTables>): InstallationStore {
  return {
    alone: (work) =>
      database.instance(async (tx) => {
        await sql`SELECT pg_advisory_xact_lock(hashtextextended('universal-api.bootstrap', 0))`.execute(tx);
        return work();
      }),
    read: () =>
      database.transaction(defaultTenantId, async (tx) => {
        const { rows } = await sql<{ id12: string | null }>`
          SELECT (array_agg(id12 ORDER BY created_at)
                  FILTER (WHERE state = 'active' AND 'platform:write' = ANY (scopes)))[1] AS id12
          FROM api_keys WHERE tenant_id = ${defaultTenantId} AND shown HAVING count(*) > 0`.execute(tx);
        const [seen] = rows;
        return seen === undefined ? { isSeen: false } : { isSeen: true, id12: seen.id12 ?? undefined };
      }),
    make: (row) =>
      database.transaction(defaultTenantId, async (tx) => {
        await tx
          .updateTable('api_keys')
          .set({ state: 'revoked' })
          .where('tenant_id', '=', defaultTenantId)
          .where('state', '<>', 'revoked')
          .where('shown', '=', false)
          .execute();
        await tx
          .updateTable('tenants')
          .set({ plan: 'unlimited', credential_pool: 'shared' })
          .where('tenant_id', '=', defaultTenantId)
          .execute();
        await tx.insertInto('api_keys').values(toColumns(row)).execute();
      }),
    markShown: (keyId) =>
      database.transaction(defaultTenantId, async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('api_keys')
          .set({ shown: true })
          .where('tenant_id', '=', defaultTenantId)
          .where('key_id', '=', keyId)
          .where('state', '=', 'active')
          .executeTakeFirst();
        return numUpdatedRows === 1n;
      }),
  };
}

function toColumns(row: InstallationKeyRow): Insertable<ApiKeysTable> {
  return {
    tenant_id: defaultTenantId,
    key_id: row.keyId,
    id12: row.id12,
    lineage_id: row.lineageId,
    name: 'Installation',
    mode: 'live',
    mac: row.mac,
    pepper_v: row.pepperVersion,
    last4: row.last4,
    scopes: [...row.scopes],
  };
}
