import type { Database, PageTokens, Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { isPlan, type Plan, type RateLimiter, type RateOverrides } from '@universal-api/limits';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { LedgerClock } from '../ledger/accounts/account-row.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import type { OwnLimits } from './policies/effective-policies.ts';

/** What the service of limits works with. */
export interface LimitParts {
  readonly database: Database<AuthTables>;
  /** `RL_*` of the installation. */
  readonly rateOverrides: RateOverrides;
  readonly recordAudit: RecordAudit;
  readonly pageTokens: PageTokens;
  /** UUIDv7. */
  readonly newId: () => string;
  readonly clock?: LedgerClock;
  /** The buckets that the gateways share; absent: each has its own, and how they stand is not known here. */
  readonly buckets?: Pick<RateLimiter, 'decide'>;
}

/** The plan of a tenant. Errors: `not_found`. */
export async function planOf(tx: Transaction<AuthTables>, tenantId: string): Promise<Plan> {
  const row = await tx.selectFrom('tenants').select('plan').where('tenant_id', '=', tenantId).executeTakeFirst();
  if (!row || !isPlan(row.plan)) throw new AppError('not_found', { detail: 'There is no such tenant.' });
  return row.plan;
}

/** Overrides of a tenant, by policy. */
export async function tenantLimits(tx: Transaction<AuthTables>, tenantId: string): Promise<OwnLimits> {
  const rows = await tx
    .selectFrom('limit_overrides')
    .select(['policy', 'q'])
    .where('tenant_id', '=', tenantId)
    .execute();
  return Object.fromEntries(rows.map(({ policy, q }) => [policy, q]));
}

/** Own limits of the key of a call: those of the newest of its lineage. Empty for a call without a key. */
export async function keyLimits(
  tx: Transaction<AuthTables>,
  { principal: { tid, key } }: Pick<CallContext, 'principal'>,
): Promise<OwnLimits> {
  if (key === undefined) return {};
  const row = await tx
    .selectFrom('api_keys')
    .select('limits')
    .where('tenant_id', '=', tid)
    .where('lineage_id', '=', key)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const limits = Object.entries((row?.limits ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(limits.filter((pair): pair is [string, number] => typeof pair[1] === 'number'));
}
