import { actAsUser, sql, type Transaction } from '@universal-api/database';
import { endSessions } from '../sessions/end-sessions.ts';
import type { AuthTables } from '../store/auth-tables.ts';

/** Ends the sessions of a person that act in this tenant; those in other tenants live on. Gives how many ended. */
export async function endSessionsIn(tx: Transaction<AuthTables>, tenantId: string, userId: string): Promise<number> {
  await actAsUser(tx, userId);
  const { rows } = await sql<{ session_id: string }>`
    SELECT session_id FROM sessions
    WHERE user_id = ${userId} AND acts_in = ${tenantId} AND revoked_at IS NULL`.execute(tx);
  let ended = 0;
  for (const { session_id: onlySessionId } of rows) ended += await endSessions(tx, { userId, onlySessionId });
  await sql`SELECT set_config('app.user_id', '', true)`.execute(tx);
  return ended;
}
