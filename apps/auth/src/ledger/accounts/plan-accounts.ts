import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { LedgerClock } from './account-row.ts';
import { openAccount } from './open-account.ts';

/** The accounts that every tenant has. */
export interface PlanAccounts {
  /** Calls a day, as the plan gives; absent: the plan has no quota. */
  readonly calls?: string;
  /** Money a month, without a limit until somebody sets one. */
  readonly money: string;
}

/** Opens them where they are missing, and gives the calls the limit of the present plan. Errors: `not_found` for no tenant. */
export async function openPlanAccounts(
  tx: Transaction<AuthTables>,
  parts: { readonly newId: () => string; readonly clock?: LedgerClock },
  tenantId: string,
): Promise<PlanAccounts> {
  const money = await openAccount(tx, parts, {
    tenantId,
    scope: 'tenant',
    subject: '',
    unit: 'nano_usd',
    period: 'month',
    limit: null,
  });
  const calls = await openCalls(tx, parts, tenantId);
  return { money, ...(calls !== undefined && { calls }) };
}

/** The account of a tenant's calls a day, with the limit of its present plan; undefined: the plan has no quota. */
export async function openCalls(
  tx: Transaction<AuthTables>,
  parts: { readonly newId: () => string; readonly clock?: LedgerClock },
  tenantId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ limit: bigint | null }>`
    SELECT p.calls_per_day AS limit FROM tenants t JOIN plans p ON p.plan = t.plan WHERE t.tenant_id = ${tenantId}`.execute(
    tx,
  );
  const [plan] = rows;
  if (!plan) throw new AppError('not_found', { detail: 'There is no such tenant.' });
  if (plan.limit === null) {
    await setCallsLimit(tx, tenantId, null);
    return undefined;
  }
  const account = { scope: 'tenant', subject: '', unit: 'calls', period: 'day' } as const;
  const accountId = await openAccount(tx, parts, { tenantId, ...account, limit: plan.limit });
  await setCallsLimit(tx, tenantId, plan.limit);
  return accountId;
}

/** Another limit is told of anew. */
async function setCallsLimit(tx: Transaction<AuthTables>, tenantId: string, limit: bigint | null): Promise<void> {
  await sql`UPDATE quota_accounts SET "limit" = ${limit}::bigint, told_pct = NULL
    WHERE tenant_id = ${tenantId} AND scope = 'tenant' AND subject = '' AND unit = 'calls' AND period = 'day'
      AND "limit" IS DISTINCT FROM ${limit}::bigint`.execute(tx);
}
