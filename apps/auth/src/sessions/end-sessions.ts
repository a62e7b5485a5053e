import { actAsUser, sql, type Transaction } from '@universal-api/database';
import { appendRevocations } from '../revocation/append-revocation.ts';

/** Which sessions end. Ids are UUIDs. */
export interface EndedSessions {
  readonly userId: string;
  /** This one lives on. */
  readonly exceptSessionId?: string | undefined;
  /** Only this one ends. */
  readonly onlySessionId?: string | undefined;
  /** Only those that act in this tenant end. */
  readonly actsIn?: string | undefined;
}

/**
 * Ends sessions of a user in the transaction of the change that asks for it (role `auth_app` or `auth_worker`): no refresh
 * token of theirs works any more, and their access tokens are refused within the revocation bound. Gives how many ended;
 * those that were over already do not count. Whom the transaction acted for, it acts for afterwards.
 */
export async function endSessions<Tables>(
  tx: Transaction<Tables>,
  { userId, exceptSessionId, onlySessionId, actsIn }: EndedSessions,
): Promise<number> {
  const { rows: before } = await sql<{ user: string | null }>`
    SELECT current_setting('app.user_id', true) AS user`.execute(tx);
  await actAsUser(tx, userId);
  const { rows } = await sql<{ session_id: string; is_over: boolean }>`
    UPDATE auth.sessions SET revoked_at = clock_timestamp()
    WHERE user_id = ${userId} AND revoked_at IS NULL
      AND session_id IS DISTINCT FROM ${exceptSessionId ?? null}::uuid
      AND session_id = coalesce(${onlySessionId ?? null}::uuid, session_id)
      AND acts_in = coalesce(${actsIn ?? null}::uuid, acts_in)
    RETURNING session_id, least(idle_until, absolute_until) <= clock_timestamp() AS is_over`.execute(tx);
  const ids = rows.map(({ session_id }) => session_id);
  await appendRevocations(tx, 'session', ids);
  await sql`SELECT set_config('app.user_id', ${before[0]?.user ?? ''}, true)`.execute(tx);
  return rows.filter(({ is_over }) => !is_over).length;
}
