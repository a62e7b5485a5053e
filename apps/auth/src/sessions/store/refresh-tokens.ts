import { sql, type Database, type Transaction } from '@universal-api/database';
import type { AuthTables } from '../../store/auth-tables.ts';

/** A refresh token as it is found by its hash, with what matters of its session. */
export interface FoundRefreshToken {
  readonly session_id: string;
  readonly user_id: string;
  readonly used_at: Date | null;
  readonly replay_blob: Buffer | null;
  readonly replay_until: Date | null;
  readonly acts_in: string;
  readonly amr: readonly string[];
  readonly idle_until: Date;
  readonly absolute_until: Date;
  readonly revoked_at: Date | null;
}

/** The token with this hash, whosever it is. Errors: those of `Database`. */
export function findRefreshToken(database: Database<AuthTables>, hash: Buffer): Promise<FoundRefreshToken | undefined> {
  return database.instance(async (tx) => {
    const { rows } = await sql<FoundRefreshToken>`SELECT * FROM auth.find_refresh_token(${hash})`.execute(tx);
    return rows[0];
  });
}

/** Whether the session of a token still lives at this time (ms of the epoch). */
export function isSessionLive(
  session: Pick<FoundRefreshToken, 'revoked_at' | 'idle_until' | 'absolute_until'>,
  nowMs: number,
): boolean {
  const { revoked_at, idle_until, absolute_until } = session;
  return revoked_at === null && idle_until.getTime() > nowMs && absolute_until.getTime() > nowMs;
}

/** One token in the place of another. */
export interface TokenExchange {
  readonly userId: string;
  readonly sessionId: string;
  readonly from: Buffer;
  readonly to: Buffer;
  readonly at: Date;
  readonly replayBlob: Buffer | null;
  readonly replayUntil: Date;
}

/**
 * Uses a token up and puts its successor in its place; false if somebody else was first, and then nothing was written. The
 * condition and the change are one statement: of many at once, one changes the row, the others wait for it and find it used.
 */
export async function exchangeToken(tx: Transaction<AuthTables>, exchange: TokenExchange): Promise<boolean> {
  const { from, to, at, replayBlob, replayUntil } = exchange;
  const used = await tx
    .updateTable('refresh_tokens')
    .set({ used_at: at, successor_hash: to, replay_blob: replayBlob, replay_until: replayUntil })
    .where('token_hash', '=', from)
    .where('used_at', 'is', null)
    .returning('token_hash')
    .executeTakeFirst();
  if (used === undefined) return false;
  const ids = { session_id: exchange.sessionId, user_id: exchange.userId };
  await tx
    .insertInto('refresh_tokens')
    .values({ ...ids, token_hash: to, issued_at: at })
    .execute();
  return true;
}
