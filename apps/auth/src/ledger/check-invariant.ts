import { sql, type Database } from '@universal-api/database';
import type { AuthTables } from '../store/auth-tables.ts';

/** An account whose sums do not agree with its bookings. */
export interface BrokenAccount {
  readonly tenantId: string;
  readonly accountId: string;
  readonly spent: bigint;
  readonly reserved: bigint;
  /** What the entries say. */
  readonly settled: bigint;
  readonly open: bigint;
}

/**
 * Adds up the entries of every account, in one snapshot: those settled and put right in its period have to be `spent`, the open
 * reserves `reserved`. Empty: all agree. The pool is `auth_worker`'s.
 */
export async function findBrokenAccounts(
  worker: Pick<Database<AuthTables>, 'instance'>,
): Promise<readonly BrokenAccount[]> {
  return worker.instance(async (tx) => {
    const { rows } = await sql<BrokenAccount>`
      SELECT a.tenant_id AS "tenantId", a.account_id AS "accountId", a.spent, a.reserved,
             e.settled::bigint AS settled, e.open::bigint AS open
      FROM quota_accounts a
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('settle', 'correct') AND period_start = a.period_start), 0) AS settled,
               coalesce(sum(amount) FILTER (WHERE kind = 'reserve' AND closed_at IS NULL), 0) AS open
        FROM quota_entries
        WHERE tenant_id = a.tenant_id AND account_id = a.account_id
          AND (period_start >= a.period_start OR (kind = 'reserve' AND closed_at IS NULL))
      ) e
      WHERE a.spent <> e.settled OR a.reserved <> e.open
      ORDER BY a.tenant_id, a.account_id`.execute(tx);
    return rows;
  });
}
