import { sql, type Transaction } from '@universal-api/database';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { QuotaAccountsTable } from '../../store/ledger-tables.ts';
import { timeOf, type LedgerClock } from './account-row.ts';

/** An account as it is opened. */
export interface NewAccount extends Pick<QuotaAccountsTable, 'scope' | 'unit' | 'period'> {
  readonly tenantId: string;
  /** User, lineage of a key, or provider; empty for the tenant itself. */
  readonly subject: string;
  /** In the unit; null: none. */
  readonly limit: bigint | null;
}

/**
 * The account of this scope, subject, unit and period, opened with this limit if there is none yet; one that is there keeps its
 * own. Gives back its id (UUID). Days and months are those of UTC.
 */
export async function openAccount(
  tx: Transaction<AuthTables>,
  { newId, clock }: { readonly newId: () => string; readonly clock?: LedgerClock },
  { tenantId, scope, subject, unit, period, limit }: NewAccount,
): Promise<string> {
  const now = timeOf(clock);
  const find = () =>
    tx
      .selectFrom('quota_accounts')
      .select('account_id')
      .where('tenant_id', '=', tenantId)
      .where('scope', '=', scope)
      .where('subject', '=', subject)
      .where('unit', '=', unit)
      .where('period', '=', period);
  const found = await find().executeTakeFirst();
  if (found) return found.account_id;
  await sql`
    INSERT INTO quota_accounts (tenant_id, account_id, scope, subject, unit, period, "limit", period_start)
    VALUES (${tenantId}, ${newId()}, ${scope}, ${subject}, ${unit}, ${period}, ${limit}::bigint,
            date_trunc(${period === 'total' ? 'second' : period}, ${now}, 'UTC'))
    ON CONFLICT (tenant_id, scope, subject, unit, period) DO NOTHING`.execute(tx);
  return (await find().executeTakeFirstOrThrow()).account_id;
}
