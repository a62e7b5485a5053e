import { sql, type Transaction } from '@universal-api/database';
import { appendRevocation } from '../revocation/append-revocation.ts';
import type { AuthTables } from '../store/auth-tables.ts';

/** Revokes keys (UUIDs) of a tenant and tells everybody who watches, in the transaction of the change. */
export async function endKeys(tx: Transaction<AuthTables>, tenantId: string, keyIds: readonly string[]): Promise<void> {
  for (const keyId of keyIds) {
    await sql`UPDATE api_keys SET state = 'revoked' WHERE tenant_id = ${tenantId} AND key_id = ${keyId}`.execute(tx);
    await appendRevocation(tx, { kind: 'key', id: keyId });
  }
}
