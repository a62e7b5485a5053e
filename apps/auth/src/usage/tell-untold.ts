import { sql, type Database } from '@universal-api/database';
import type { Append } from '@universal-api/events';
import type { AuthTables } from '../store/auth-tables.ts';
import { tellIfDue } from './tell-refusals.ts';

/** Policies and keys of one run, at most; the others come with the next. */
const most = 500;

/** Tells of refusals that were counted after the last `rate_limit.exceeded` and followed by no other, once 5 minutes are over. */
export async function tellUntold(
  {
    database,
    worker,
  }: { readonly database: Database<AuthTables>; readonly worker: Pick<Database<AuthTables>, 'instance'> },
  append: Append,
): Promise<void> {
  const due = await worker.instance(async (tx) => {
    const { rows } = await sql<{ tenantId: string; policy: string; keyId: string }>`
      SELECT tenant_id AS "tenantId", policy, key_id AS "keyId" FROM limit_alerts
      WHERE untold > 0 AND told_at <= clock_timestamp() - interval '5 minutes' LIMIT ${most}`.execute(tx);
    return rows;
  });
  for (const alert of due) await database.transaction(alert.tenantId, (tx) => tellIfDue(tx, append, alert));
}
