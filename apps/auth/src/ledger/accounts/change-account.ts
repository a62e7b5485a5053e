import { sql, type Transaction } from '@universal-api/database';
import type { AuthTables } from '../../store/auth-tables.ts';
import { periodEndOf, periodStartAt, spentSince, timeOf, type AccountRow, type LedgerClock } from './account-row.ts';

/** A change of an account. */
export interface AccountChange {
  readonly tenantId: string;
  readonly accountId: string;
  readonly spent: bigint;
  readonly reserved: bigint;
  /** The period that `spent` belongs to; in a later one it changes nothing. Absent: the present one. */
  readonly inPeriod?: Date;
  /** Refuses what would go over the limit. */
  readonly isLimited?: boolean;
}

/**
 * Changes an account in one statement, in the period that is now: the first change of a period empties `spent`. Gives back the
 * account as it is then; undefined: there is none, or the change would go over its limit, and nothing was changed. The row is
 * locked until the transaction ends; whoever changes several takes them in the order of their ids.
 */
export async function changeAccount(
  tx: Transaction<AuthTables>,
  { tenantId, accountId, spent, reserved, inPeriod, isLimited = false }: AccountChange,
  clock?: LedgerClock,
): Promise<AccountRow | undefined> {
  const start = periodStartAt(timeOf(clock));
  const had = spentSince(start);
  const added = inPeriod
    ? sql`CASE WHEN ${start} = ${inPeriod}::timestamptz THEN ${spent}::bigint ELSE 0 END`
    : sql`${spent}::bigint`;
  const mayGo = isLimited
    ? sql`AND ("limit" IS NULL OR ${had} + reserved + ${spent + reserved}::bigint <= "limit")`
    : sql``;
  const { rows } = await sql<AccountRow>`
    UPDATE quota_accounts
    SET spent = ${had} + ${added},
        reserved = reserved + ${reserved}::bigint,
        told_pct = CASE WHEN period_start < ${start} THEN NULL ELSE told_pct END,
        period_start = ${start}
    WHERE tenant_id = ${tenantId} AND account_id = ${accountId} ${mayGo}
    RETURNING *, ${periodEndOf(sql`period_start`)} AS resets_at`.execute(tx);
  return rows[0];
}
