import { sql, type Transaction } from '@universal-api/database';
import type { AuthTables } from '../store/auth-tables.ts';
import type { RefusedCall } from './refused-calls.ts';

/** Keeps why calls were refused, for whoever asks within 24 hours. */
export async function noteRefusals(tx: Transaction<AuthTables>, calls: readonly RefusedCall[]): Promise<void> {
  const rows = calls.flatMap(({ tenantId, callId, requestId, keyId, at, refusals }) =>
    refusals.map(({ policy, q, windowS, cost, debtS, slotsS }) => ({
      tenant_id: tenantId,
      call_id: callId,
      policy,
      request_id: requestId,
      key_id: keyId ?? null,
      q,
      window_s: windowS,
      cost,
      debt_s: debtS,
      slots: slotsS.map((seconds) => new Date(at.getTime() + seconds * 1_000)),
      at,
    })),
  );
  if (rows.length === 0) return;
  await tx
    .insertInto('limit_refusals')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Forgets what is older than 24 hours, by a transaction of `auth_worker`. */
export async function forgetRefusals(tx: Transaction<AuthTables>): Promise<void> {
  await sql`DELETE FROM limit_refusals WHERE at < now() - interval '24 hours'`.execute(tx);
}
