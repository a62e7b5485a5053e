import { sql, type Transaction } from '@universal-api/database';

/**
 * Everything about one call happens one after the other, whichever process does it: first thing in a transaction, before any
 * account is locked.
 */
export async function lockCall<Tables>(tx: Transaction<Tables>, tenantId: string, callId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`ledger:${tenantId}:${callId}`}, 0))`.execute(tx);
}
