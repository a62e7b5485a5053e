import type { Transaction } from '@universal-api/database';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { AccountParts } from '../account-parts.ts';
import { putRecoveryCodes } from './factor-store.ts';
import { makeRecoveryCodes } from './recovery-codes.ts';

/** A new set of codes in place of the old one, in a transaction that acts for the user; only their MACs are stored. */
export async function issueRecoveryCodes(
  { recoveryMacs, newId, randomBytes }: Pick<AccountParts, 'recoveryMacs' | 'newId' | 'randomBytes'>,
  tx: Transaction<AuthTables>,
  userId: string,
): Promise<string[]> {
  const codes = makeRecoveryCodes(randomBytes);
  await putRecoveryCodes(tx, { userId, macs: codes.map((code) => recoveryMacs(`${userId}:${code}`)[0]), newId });
  return codes;
}
