import { sql, type Transaction } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type {
  ListQuotasRequest,
  ListQuotasResponseSchema,
  QuotaAccountSchema,
} from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import { periodEndOf, periodStartAt, spentSince, timeOf, type AccountRow } from '../ledger/accounts/account-row.ts';
import { openPlanAccounts } from '../ledger/accounts/plan-accounts.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { LimitParts } from './limit-parts.ts';

type Answer = MessageInitShape<typeof ListQuotasResponseSchema>;

/** More accounts than this are not listed; a tenant has two, and one for each key with a budget (100 at most). */
const mostAccounts = 500;

/** Long quotas and budgets of the tenant, as they stand in their present period. Those that every tenant has are always there. */
export function listQuotas(parts: LimitParts): (request: ListQuotasRequest, context: CallContext) => Promise<Answer> {
  return (_request, { principal: { tid } }) =>
    parts.database.transaction(tid, async (tx) => {
      await openPlanAccounts(tx, parts, tid);
      return { accounts: (await readAccounts(tx, parts, tid)).map(toAccount) };
    });
}

/** Accounts of a tenant, or the one of this id, as they stand now. */
export async function readAccounts(
  tx: Transaction<AuthTables>,
  { clock }: Pick<LimitParts, 'clock'>,
  tenantId: string,
  accountId?: string,
): Promise<readonly AccountRow[]> {
  const start = periodStartAt(timeOf(clock));
  const only = accountId === undefined ? sql`` : sql`AND account_id::text = ${accountId}`;
  const { rows } = await sql<AccountRow>`
    SELECT *, ${spentSince(start)} AS spent, ${periodEndOf(start)} AS resets_at FROM quota_accounts
    WHERE tenant_id = ${tenantId} AND (scope <> 'tenant' OR unit <> 'calls' OR "limit" IS NOT NULL) ${only}
    ORDER BY scope <> 'tenant', scope, subject, unit, period LIMIT ${mostAccounts}`.execute(tx);
  return rows;
}

/** An account as the message says it. */
export function toAccount(row: AccountRow): MessageInitShape<typeof QuotaAccountSchema> {
  const { account_id: accountId, scope, subject, unit, period, limit, spent, reserved, resets_at: resetsAt } = row;
  return {
    ...{ accountId, scope, subject, unit, period },
    limit: limit === null ? '' : String(limit),
    spent: String(spent),
    reserved: String(reserved),
    ...(resetsAt && { resetsAt: timestampFromDate(resetsAt) }),
  };
}
