import { sql, type Transaction } from '@universal-api/database';
import { quotaExhausted, quotaLow, type Append } from '@universal-api/events';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { AccountRow } from './account-row.ts';
import { shareToTell, type ToldShare } from './low-water.ts';

/** Tells of an account that has little or nothing left, once for each share and period, in the transaction of the change. */
export async function tellLevel(tx: Transaction<AuthTables>, append: Append, account: AccountRow): Promise<void> {
  const share = shareToTell({ limit: account.limit, spent: account.spent, toldPct: account.told_pct });
  if (share !== undefined) await tell(tx, append, { account, share });
}

/** Tells that an account has less left than a call needs. */
export async function tellRefused(tx: Transaction<AuthTables>, append: Append, account: AccountRow): Promise<void> {
  if (account.limit !== null && account.told_pct !== 0) await tell(tx, append, { account, share: 0 });
}

async function tell(
  tx: Transaction<AuthTables>,
  append: Append,
  { account, share }: { readonly account: AccountRow; readonly share: ToldShare },
): Promise<void> {
  const {
    tenant_id: tenantId,
    account_id: accountId,
    scope,
    unit,
    period,
    limit,
    spent,
    resets_at: resetsAt,
  } = account;
  const { numAffectedRows } = await sql`
    UPDATE quota_accounts SET told_pct = ${share}
    WHERE tenant_id = ${tenantId} AND account_id = ${accountId} AND (told_pct IS NULL OR told_pct > ${share})`.execute(
    tx,
  );
  if (numAffectedRows !== 1n) return;
  const data = {
    scope,
    accountId,
    unit,
    period,
    limit: String(limit ?? ''),
    spent: String(spent),
    remainingPct: share,
    resetsAt: resetsAt?.toISOString() ?? '',
  };
  if (share === 0) await append(tx, quotaExhausted, { tenantId, data });
  else await append(tx, quotaLow, { tenantId, data });
}
