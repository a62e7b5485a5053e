import { sql, type Transaction } from '@universal-api/database';
import type { AuthTables } from '../store/auth-tables.ts';
import type { UsedLineage } from './refused-calls.ts';

/** Notes when keys were used last, at most once a minute for each lineage; revoked ones keep their last time. */
export async function noteLastUse(tx: Transaction<AuthTables>, used: readonly UsedLineage[]): Promise<void> {
  if (used.length === 0) return;
  // In one order, so that two batches never wait for each other.
  const ordered = [...used].sort((one, other) => (one.lineageId < other.lineageId ? -1 : 1));
  await sql`
    UPDATE api_keys k SET last_used_at = u.at
    FROM unnest(${ordered.map(({ tenantId }) => tenantId)}::uuid[], ${ordered.map(({ lineageId }) => lineageId)}::uuid[],
                ${ordered.map(({ at }) => at)}::timestamptz[]) AS u(tenant_id, lineage_id, at)
    WHERE k.tenant_id = u.tenant_id AND k.lineage_id = u.lineage_id AND k.state <> 'revoked'
      AND (k.last_used_at IS NULL OR k.last_used_at <= u.at - interval '1 minute')`.execute(tx);
}
