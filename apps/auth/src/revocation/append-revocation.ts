import { sql, type Transaction } from '@universal-api/database';

/** What ends. Ids are UUIDs; `user` may name one tenant: `<user>/<tenant>`. */
export interface Revocation {
  readonly kind: 'key' | 'session' | 'user' | 'tenant';
  readonly id: string;
}

/** Channel that wakes every replica's `Watch`; the rows are the truth, the call only shortens the wait. */
export const revocationChannel = 'auth_revocations';

/** Writes what ended in the transaction of the change, and wakes whoever watches once that commits (platform.md 1.4). */
export async function appendRevocation<Tables>(tx: Transaction<Tables>, { kind, id }: Revocation): Promise<void> {
  await sql`INSERT INTO auth.revocations (kind, id) VALUES (${kind}, ${id})`.execute(tx);
  await sql`SELECT pg_notify(${revocationChannel}, '')`.execute(tx);
}
