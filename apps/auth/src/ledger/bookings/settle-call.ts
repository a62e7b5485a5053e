import type { Transaction } from '@universal-api/database';
import type { AuthTables } from '../../store/auth-tables.ts';
import { bookExpiry, bookSettle } from './book-call.ts';
import { readCall, unbooked } from './call-entries.ts';
import { lockCall } from './lock-call.ts';
import { writeBookings, type AccountBookings, type BookingParts } from './write-bookings.ts';

/** A call, and what it cost. */
export interface Settlement {
  readonly tenantId: string;
  readonly callId: string;
  /** Real cost by account; what was reserved on others is given back. */
  readonly amounts: ReadonlyMap<string, bigint>;
}

/** What was booked. */
export interface SettleAnswer {
  /** False: it was settled before. */
  readonly settled: boolean;
  /** Accounts that paid more than was reserved. */
  readonly overrun: readonly string[];
}

/**
 * Books what a call really cost and gives the rest back, in the caller's transaction. A cost that was assumed is put right; a
 * higher one than was reserved is booked whole. Again: nothing. Errors: `not_found` for an account that the tenant has not.
 */
export async function settleCall(
  tx: Transaction<AuthTables>,
  parts: BookingParts,
  { tenantId, callId, amounts }: Settlement,
): Promise<SettleAnswer> {
  await lockCall(tx, tenantId, callId);
  const known = await readCall(tx, tenantId, callId);
  const ids = [...new Set([...known.keys(), ...amounts.keys()])].sort();
  const accounts = ids.flatMap((accountId): AccountBookings[] => {
    const before = known.get(accountId) ?? unbooked;
    const cost = amounts.get(accountId);
    // What was given back and is not named has cost nothing, as was booked.
    if (cost === undefined && !before.reserve?.isOpen && !before.settle?.assumed) return [];
    const booked = bookSettle(before, cost ?? 0n);
    return booked.bookings.length > 0 ? [{ accountId, booked, before }] : [];
  });
  await writeBookings(tx, parts, { tenantId, callId, accounts });
  return {
    settled: accounts.length > 0,
    overrun: accounts.filter(({ booked }) => booked.overrun > 0n).map(({ accountId }) => accountId),
  };
}

/** Ends what of a call is still reserved, since its time has run out. Gives back whether there was anything to end. */
export async function expireCall(
  tx: Transaction<AuthTables>,
  parts: BookingParts,
  { tenantId, callId }: Pick<Settlement, 'tenantId' | 'callId'>,
): Promise<boolean> {
  await lockCall(tx, tenantId, callId);
  const accounts = [...(await readCall(tx, tenantId, callId))].flatMap(([accountId, before]): AccountBookings[] => {
    const booked = bookExpiry(before);
    return booked.bookings.length > 0 ? [{ accountId, booked, before }] : [];
  });
  await writeBookings(tx, parts, { tenantId, callId, accounts });
  return accounts.length > 0;
}
