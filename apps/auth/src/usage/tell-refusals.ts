import { sql, type Transaction } from '@universal-api/database';
import { rateLimitExceeded, type Append } from '@universal-api/events';
import type { AuthTables } from '../store/auth-tables.ts';
import type { RefusedCall } from './refused-calls.ts';

/** Calls without a key are told of together. */
const noKey = '00000000-0000-0000-0000-000000000000';

interface Untold {
  readonly tenantId: string;
  readonly policy: string;
  readonly keyId: string;
  readonly q: number;
  readonly windowS: number;
  readonly refused: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** Counts refusals for `rate_limit.exceeded`, and tells of those whose policy and key were not told of for 5 minutes. */
export async function tellRefusals(
  tx: Transaction<AuthTables>,
  append: Append,
  calls: readonly RefusedCall[],
): Promise<void> {
  for (const untold of countRefusals(calls)) {
    const { tenantId, policy, keyId, q, windowS, refused, firstAt, lastAt } = untold;
    await sql`
      INSERT INTO limit_alerts AS a (tenant_id, policy, key_id, q, window_s, untold, first_at, last_at)
      VALUES (${tenantId}, ${policy}, ${keyId}, ${q}, ${windowS}, ${refused}, ${firstAt}, ${lastAt})
      ON CONFLICT (tenant_id, policy, key_id) DO UPDATE
        SET q = excluded.q, window_s = excluded.window_s, untold = a.untold + excluded.untold,
            first_at = CASE WHEN a.untold = 0 THEN excluded.first_at ELSE least(a.first_at, excluded.first_at) END,
            last_at = greatest(a.last_at, excluded.last_at)`.execute(tx);
    await tellIfDue(tx, append, untold);
  }
}

/** Tells of what is counted and not told, if 5 minutes have passed since it was told of last. */
export async function tellIfDue(
  tx: Transaction<AuthTables>,
  append: Append,
  { tenantId, policy, keyId }: Pick<Untold, 'tenantId' | 'policy' | 'keyId'>,
): Promise<void> {
  // By the clock of the database alone: that of the events is another.
  const { rows } = await sql<Omit<Untold, 'tenantId' | 'policy' | 'keyId'>>`
    WITH due AS MATERIALIZED (
      SELECT untold, first_at, last_at, q, window_s FROM limit_alerts
      WHERE tenant_id = ${tenantId} AND policy = ${policy} AND key_id = ${keyId} AND untold > 0
        AND (told_at IS NULL OR told_at <= clock_timestamp() - interval '5 minutes')
      FOR UPDATE
    ), told AS (
      UPDATE limit_alerts SET untold = 0, told_at = clock_timestamp()
      WHERE tenant_id = ${tenantId} AND policy = ${policy} AND key_id = ${keyId} AND EXISTS (SELECT FROM due)
    )
    SELECT untold AS refused, first_at AS "firstAt", last_at AS "lastAt", q, window_s AS "windowS" FROM due`.execute(
    tx,
  );
  const [due] = rows;
  if (!due) return;
  const data = {
    policy,
    keyId: keyId === noKey ? '' : keyId,
    windowS: due.windowS,
    limit: due.q,
    refused: due.refused,
    firstAt: due.firstAt.toISOString(),
    lastAt: due.lastAt.toISOString(),
  };
  await append(tx, rateLimitExceeded, { tenantId, data });
}

/** One entry for each policy and key, in one order, so that two batches never wait for each other. */
function countRefusals(calls: readonly RefusedCall[]): readonly Untold[] {
  const counted = new Map<string, Untold>();
  for (const { tenantId, keyId = noKey, at, refusals } of calls) {
    for (const { policy, q, windowS } of refusals) {
      const id = `${tenantId} ${policy} ${keyId}`;
      const before = counted.get(id);
      counted.set(id, {
        ...{ tenantId, policy, keyId, q, windowS },
        refused: (before?.refused ?? 0) + 1,
        firstAt: before && before.firstAt < at ? before.firstAt : at,
        lastAt: before && before.lastAt > at ? before.lastAt : at,
      });
    }
  }
  return [...counted].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, untold]) => untold);
}
