import type { Transaction } from '@universal-api/database';
import type { AuthTables } from '../store/auth-tables.ts';

/** Ends the sessions of a user, but for one, in a transaction that acts for them; gives how many ended. Sessions are others' affair. */
export type EndSessions = (
  tx: Transaction<AuthTables>,
  ended: { readonly userId: string; readonly exceptSessionId?: string },
) => Promise<number>;
