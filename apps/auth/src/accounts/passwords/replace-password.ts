import type { Transaction } from '@universal-api/database';
import { endMfaTokens } from '../../sessions/store/mfa-tokens.ts';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { AccountParts } from '../account-parts.ts';
import { endTokens } from '../tokens/one-time-tokens.ts';
import { putPassword } from './password-store.ts';

/** A new password. Ids are UUIDs. */
export interface NewPassword {
  readonly userId: string;
  /** PHC string. */
  readonly phc: string;
  /** This session lives on; absent: all end. */
  readonly exceptSessionId?: string;
}

/**
 * Gives a person another password, in a transaction that acts for them, and ends all that the old one began: sessions, logins
 * that wait for their second step, links for a new password. Gives how many sessions ended.
 */
export async function replacePassword(
  { endSessions, newId, now }: Pick<AccountParts, 'endSessions' | 'newId' | 'now'>,
  tx: Transaction<AuthTables>,
  { userId, phc, ...spared }: NewPassword,
): Promise<number> {
  await putPassword(tx, { userId, phc, credentialId: newId() });
  await endTokens(tx, userId, 'reset_password');
  // Before the sessions: a second step that is under way has begun its session by then, or finds its token used.
  await endMfaTokens(tx, userId, new Date(now()));
  return endSessions(tx, { userId, ...spared });
}
