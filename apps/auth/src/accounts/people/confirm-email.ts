import type { Transaction } from '@universal-api/database';
import type { AuthTables } from '../../store/auth-tables.ts';

/** Notes that a person has read mail at their address, the first time; in a transaction that acts for them. */
export async function confirmEmail(tx: Transaction<AuthTables>, userId: string, nowMs: number): Promise<void> {
  await tx
    .updateTable('users')
    .set({ email_verified_at: new Date(nowMs) })
    .where('user_id', '=', userId)
    .where('email_verified_at', 'is', null)
    .execute();
}
