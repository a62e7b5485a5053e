import type { Transaction } from '@universal-api/database';
import { endSessions } from '../sessions/end-sessions.ts';
import type { AuthTables } from '../store/auth-tables.ts';

/** Ends the sessions of a person that act in this tenant; those in other tenants live on. Gives how many ended. */
export function endSessionsIn(tx: Transaction<AuthTables>, tenantId: string, userId: string): Promise<number> {
  return endSessions(tx, { userId, actsIn: tenantId });
}
