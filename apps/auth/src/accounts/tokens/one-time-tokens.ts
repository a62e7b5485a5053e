import { createHash } from 'node:crypto';
import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { RandomBytes } from '@universal-api/principal';
import type { AuthTables, OneTimeTokensTable } from '../../store/auth-tables.ts';

/** What a token is good for. */
export type TokenPurpose = OneTimeTokensTable['purpose'];

/** How long links live, ms (platform.md 1.5). */
export const tokenLifeMs = {
  verify_email: 24 * 3_600_000,
  reset_password: 10 * 60_000,
} as const satisfies Record<TokenPurpose, number>;

/** A token that was given out. */
export interface IssuedToken {
  /** 256 bits in base64url, 43 characters; kept nowhere as it is. */
  readonly token: string;
  readonly expiresAt: Date;
}

const tokenBytes = 32;
const shape = /^[\w-]{43}$/;

/**
 * A new token, in a transaction that acts for the user. Older ones stay good: or whoever knows an address could keep its owner's
 * links from working.
 */
export async function issueToken(
  tx: Transaction<AuthTables>,
  issue: {
    readonly userId: string;
    readonly purpose: TokenPurpose;
    readonly nowMs: number;
    readonly randomBytes: RandomBytes;
  },
): Promise<IssuedToken> {
  const { userId, purpose } = issue;
  const token = Buffer.from(issue.randomBytes(tokenBytes)).toString('base64url');
  const expiresAt = new Date(issue.nowMs + tokenLifeMs[purpose]);
  const row = { token_hash: hashOf(token), user_id: userId, purpose, expires_at: expiresAt };
  await tx.insertInto('one_time_tokens').values(row).execute();
  return { token, expiresAt };
}

/** Ends what is open of a purpose, in a transaction that acts for the user. */
export async function endTokens(tx: Transaction<AuthTables>, userId: string, purpose: TokenPurpose): Promise<void> {
  await tx
    .deleteFrom('one_time_tokens')
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .execute();
}

/**
 * Whose token this is, while it is good; nothing is used up. Works in any transaction. Errors: `invalid_grant` for one that is
 * unknown, used, expired or for something else.
 */
export async function findToken(
  tx: Transaction<AuthTables>,
  wanted: { readonly token: string; readonly purpose: TokenPurpose; readonly nowMs: number },
): Promise<{ readonly userId: string }> {
  if (!shape.test(wanted.token)) throw badToken('shape');
  const { rows } = await sql<{ user_id: string; purpose: string; expires_at: Date; used_at: Date | null }>`
    SELECT user_id, purpose, expires_at, used_at FROM auth.find_one_time_token(${hashOf(wanted.token)})`.execute(tx);
  const [row] = rows;
  if (row === undefined || row.purpose !== wanted.purpose) throw badToken('unknown');
  if (row.used_at !== null || row.expires_at.getTime() <= wanted.nowMs) throw badToken('used or expired');
  return { userId: row.user_id };
}

/**
 * Uses up a token, in a transaction that acts for its user; others of the same purpose end. Of calls at the same time one gets
 * through. Errors: `invalid_grant`.
 */
export async function useToken(
  tx: Transaction<AuthTables>,
  used: { readonly token: string; readonly userId: string; readonly purpose: TokenPurpose; readonly nowMs: number },
): Promise<void> {
  const now = new Date(used.nowMs);
  const { numUpdatedRows } = await tx
    .updateTable('one_time_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', hashOf(used.token))
    .where('user_id', '=', used.userId)
    .where('purpose', '=', used.purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw badToken('used meanwhile');
  await endTokens(tx, used.userId, used.purpose);
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function badToken(reason: string): AppError {
  return new AppError('invalid_grant', {
    detail: 'The link is unknown, used or expired. Ask for a new one.',
    internal: `one-time token refused: ${reason}`,
  });
}
