import { sql, type Transaction } from '@universal-api/database';

/** What can end. */
export type RevocationKind = 'key' | 'session' | 'user' | 'tenant';

/** What ends. Ids are UUIDs; `user` may name one tenant: `<user>/<tenant>`. */
export interface Revocation {
  readonly kind: RevocationKind;
  readonly id: string;
}

/** Channel that wakes every replica's `Watch`; the rows are the truth, the call only shortens the wait. */
export const revocationChannel = 'auth_revocations';

/** Writes what ended in the transaction of the change, and wakes whoever watches once that commits (platform.md 1.4). */
export function appendRevocation<Tables>(tx: Transaction<Tables>, { kind, id }: Revocation): Promise<void> {
  return appendRevocations(tx, kind, [id]);
}

/** The same for any number of one kind, in as many statements as for one. */
export async function appendRevocations<Tables>(
  tx: Transaction<Tables>,
  kind: RevocationKind,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await sql`INSERT INTO auth.revocations (kind, id) SELECT ${kind}, unnest(${[...ids]}::text[])`.execute(tx);
  await sql`SELECT pg_notify(${revocationChannel}, '')`.execute(tx);
}
