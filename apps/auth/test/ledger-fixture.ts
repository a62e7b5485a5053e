import { sql, type Database } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { createAppend, eventsMigrations, grantEventRights, productEvents } from '@universal-api/events';
import { newId } from '@universal-api/ids';
import { createLedger, type Ledger } from '../src/ledger/create-ledger.ts';
import { openAccount, type NewAccount } from '../src/ledger/accounts/open-account.ts';
import { authMigrations } from '../src/store/auth-migrations.ts';
import type { AuthTables } from '../src/store/auth-tables.ts';

/** An event of the log, as far as these tests look. */
export interface ToldEvent {
  readonly type: string;
  readonly tenantId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A ledger on real PostgreSQL, whose clock stands until it is moved. */
export interface LedgerFixture {
  readonly server: TestDatabase;
  readonly database: Database<AuthTables>;
  readonly worker: Database<AuthTables>;
  readonly ingest: Database<AuthTables>;
  readonly ledger: Ledger;
  readonly clock: { now: Date };
  open(account: Partial<NewAccount> & { readonly tenantId: string }): Promise<string>;
  standing(tenantId: string, accountId: string): Promise<{ spent: bigint; reserved: bigint; limit: bigint | null }>;
  told(tenantId: string): Promise<readonly ToldEvent[]>;
  drop(): Promise<void>;
}

/** Appends as the auth service does. */
export const append = createAppend({ catalogue: productEvents, service: 'auth' });

/** Opens it. */
export async function createLedgerFixture(start = new Date('2026-11-24T10:00:00Z')): Promise<LedgerFixture> {
  const server = await createTestDatabase({ schemas: [eventsMigrations, authMigrations] });
  await grantEventRights(server.url, { producers: ['auth'], consumers: ['auth'] });
  const database = server.database<AuthTables>('auth_app');
  const worker = server.database<AuthTables>('auth_worker');
  const ingest = server.database<AuthTables>('auth_ingest');
  const clock = { now: start };
  const parts = { append, newId, clock: () => clock.now };
  return {
    server,
    database,
    worker,
    ingest,
    clock,
    ledger: createLedger({ ...parts, database, worker }),
    open: (account) =>
      database.transaction(account.tenantId, (tx) =>
        openAccount(tx, parts, {
          scope: 'tenant',
          subject: '',
          unit: 'nano_usd',
          period: 'month',
          limit: 100n,
          ...account,
        }),
      ),
    standing: (tenantId, accountId) =>
      database.transaction(tenantId, (tx) =>
        tx
          .selectFrom('quota_accounts')
          .select(['spent', 'reserved', 'limit'])
          .where('account_id', '=', accountId)
          .executeTakeFirstOrThrow(),
      ),
    told: (tenantId) =>
      ingest.instance(async (tx) => {
        const { rows } = await sql<ToldEvent>`
          SELECT type, tenant_id AS "tenantId", data FROM events.log WHERE tenant_id = ${tenantId} ORDER BY position`.execute(
          tx,
        );
        return rows;
      }),
    drop: () => server.drop(),
  };
}
