import type { Transaction } from '@universal-api/database';
import type { AuthTables } from '../../store/auth-tables.ts';

/** The secret of an authenticator, as stored. */
export interface StoredTotp {
  readonly sealed: string;
  readonly isConfirmed: boolean;
}

/** Second factors in PostgreSQL; every function runs in a transaction that acts for the user. */
export async function readTotp(tx: Transaction<AuthTables>, userId: string): Promise<StoredTotp | undefined> {
  const row = await tx
    .selectFrom('credentials')
    .select(['data', 'confirmed_at'])
    .where('user_id', '=', userId)
    .where('kind', '=', 'totp')
    .executeTakeFirst();
  return row && { sealed: row.data, isConfirmed: row.confirmed_at !== null };
}

/** Stores a secret that does not count yet, in place of another such one; `false` if one counts already. */
export async function putPendingTotp(
  tx: Transaction<AuthTables>,
  { userId, credentialId, sealed }: { readonly userId: string; readonly credentialId: string; readonly sealed: string },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('credentials')
    .values({ credential_id: credentialId, user_id: userId, kind: 'totp', data: sealed })
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'kind'])
        .where('kind', '<>', 'recovery')
        .doUpdateSet({ data: sealed, last_step: null })
        .where('credentials.confirmed_at', 'is', null),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/**
 * Takes a step of the secret that was looked at; `false` if that or a later step was taken before, or the secret is another
 * one by now. Of calls at the same time one gets `true`.
 */
export async function takeTotpStep(
  tx: Transaction<AuthTables>,
  { userId, sealed, step, confirms }: { userId: string; sealed: string; step: number; confirms: boolean },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('credentials')
    .set({ last_step: BigInt(step), ...(confirms ? { confirmed_at: new Date() } : {}) })
    .where('user_id', '=', userId)
    .where('kind', '=', 'totp')
    .where('data', '=', sealed)
    .where('confirmed_at', confirms ? 'is' : 'is not', null)
    .where((where) => where.or([where('last_step', 'is', null), where('last_step', '<', BigInt(step))]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Puts a set of recovery codes, by their MACs, in place of the old one. */
export async function putRecoveryCodes(
  tx: Transaction<AuthTables>,
  { userId, macs, newId }: { readonly userId: string; readonly macs: readonly string[]; readonly newId: () => string },
): Promise<void> {
  await tx.deleteFrom('credentials').where('user_id', '=', userId).where('kind', '=', 'recovery').execute();
  const rows = macs.map((data) => ({ credential_id: newId(), user_id: userId, kind: 'recovery' as const, data }));
  await tx.insertInto('credentials').values(rows).execute();
}

/** Uses up the code with one of these MACs; `false` if there is none or it was used. Of calls at the same time one gets `true`. */
export async function takeRecoveryCode(
  tx: Transaction<AuthTables>,
  userId: string,
  macs: readonly string[],
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('credentials')
    .set({ used_at: new Date() })
    .where('user_id', '=', userId)
    .where('kind', '=', 'recovery')
    .where('data', 'in', [...macs])
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Removes the second factor and its recovery codes; `false` if none counted. */
export async function removeTotp(tx: Transaction<AuthTables>, userId: string): Promise<boolean> {
  const removed = await tx
    .deleteFrom('credentials')
    .where('user_id', '=', userId)
    .where('kind', 'in', ['totp', 'recovery'])
    .returning(['kind', 'confirmed_at'])
    .execute();
  return removed.some(({ kind, confirmed_at }) => kind === 'totp' && confirmed_at !== null);
}
