import { sql, type Database, type Selectable, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { MfaTokensTable } from '../../store/session-tables.ts';
import type { OpaqueToken } from '../tokens/opaque-token.ts';

/** Keeps a token for the second step of a login, in a transaction that acts for its user. */
export async function keepMfaToken(
  tx: Transaction<AuthTables>,
  { hash }: OpaqueToken,
  { userId, expiresAt }: { readonly userId: string; readonly expiresAt: Date },
): Promise<void> {
  await tx.insertInto('mfa_tokens').values({ token_hash: hash, user_id: userId, expires_at: expiresAt }).execute();
}

/** Whose second step a token is for, if it still counts at this time (ms of the epoch). Errors: those of `Database`. */
export function findMfaUser(
  database: Database<AuthTables>,
  { hash }: OpaqueToken,
  nowMs: number,
): Promise<string | undefined> {
  return database.instance(async (tx) => {
    const { rows } = await sql<Selectable<MfaTokensTable>>`SELECT * FROM auth.find_mfa_token(${hash})`.execute(tx);
    const [found] = rows;
    return found?.used_at === null && found.expires_at.getTime() > nowMs ? found.user_id : undefined;
  });
}

/** Ends the second steps that a user's logins wait for, in a transaction that acts for them. */
export async function endMfaTokens(tx: Transaction<AuthTables>, userId: string, at: Date): Promise<void> {
  await tx
    .updateTable('mfa_tokens')
    .set({ used_at: at })
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .execute();
}

/** Uses a token up, in a transaction that acts for its user. Errors: `invalid_grant` if somebody else was first. */
export async function takeMfaToken(tx: Transaction<AuthTables>, { hash }: OpaqueToken, at: Date): Promise<void> {
  const taken = await tx
    .updateTable('mfa_tokens')
    .set({ used_at: at })
    .where('token_hash', '=', hash)
    .where('used_at', 'is', null)
    .returning('token_hash')
    .executeTakeFirst();
  if (taken === undefined) throw new AppError('invalid_grant');
}
