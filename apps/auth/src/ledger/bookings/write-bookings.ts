import { sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { ledgerOverrun, type Append } from '@universal-api/events';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { LedgerClock } from '../accounts/account-row.ts';
import type { Booked, Booking } from './book-call.ts';
import type { BookedCall } from './call-entries.ts';
import { changeAccount } from '../accounts/change-account.ts';
import { tellLevel } from '../accounts/tell-quota.ts';

/** What bookings are written with. */
export interface BookingParts {
  readonly append: Append;
  /** UUIDv7. */
  readonly newId: () => string;
  readonly clock?: LedgerClock;
}

/** What is to be booked of a call on one account, and what was before. */
export interface AccountBookings {
  readonly accountId: string;
  readonly booked: Booked;
  readonly before: BookedCall;
}

/** A call on its accounts. */
export interface CallBookings {
  readonly tenantId: string;
  readonly callId: string;
  /** In the order of their ids. */
  readonly accounts: readonly AccountBookings[];
}

/**
 * Writes the bookings of a call and what they change, account after account, and tells of low accounts and of overruns. What puts
 * an earlier settle right is booked in the period of that one. Errors: `not_found` for an account that the tenant has not.
 */
export async function writeBookings(
  tx: Transaction<AuthTables>,
  parts: BookingParts,
  { tenantId, callId, accounts }: CallBookings,
): Promise<void> {
  for (const { accountId, booked, before } of accounts) {
    const { spent, reserved, overrun } = booked;
    const change = { tenantId, accountId, spent, reserved, ...(before.settledIn && { inPeriod: before.settledIn }) };
    const account = await changeAccount(tx, change, parts.clock);
    if (!account) throw new AppError('not_found', { detail: 'The tenant has no such account.' });
    const period = before.settledIn ?? account.period_start;
    for (const booking of booked.bookings) {
      await insertBooking(tx, parts, { tenantId, callId, accountId, booking, period });
    }
    if (before.reserve?.isOpen) await closeReserve(tx, { tenantId, callId, accountId });
    await tellLevel(tx, parts.append, account);
    if (overrun > 0n) {
      const amounts = { reserved: String(before.reserve?.amount ?? 0n), settled: String(costOf(booked, before)) };
      await parts.append(tx, ledgerOverrun, {
        tenantId,
        correlationId: callId,
        data: { accountId, callId, unit: account.unit, ...amounts },
      });
    }
  }
}

function costOf({ spent }: Booked, { settle }: BookedCall): bigint {
  return spent + (settle?.amount ?? 0n);
}

interface NewBooking {
  readonly tenantId: string;
  readonly callId: string;
  readonly accountId: string;
  readonly booking: Booking;
  readonly period: Date;
}

async function insertBooking(
  tx: Transaction<AuthTables>,
  { newId }: BookingParts,
  { tenantId, callId, accountId, booking, period }: NewBooking,
): Promise<void> {
  const { kind, amount, assumed = false } = booking;
  await tx
    .insertInto('quota_entries')
    .values({
      tenant_id: tenantId,
      entry_id: newId(),
      call_id: callId,
      account_id: accountId,
      kind,
      amount,
      assumed,
      period_start: period,
    })
    .execute();
}

async function closeReserve(
  tx: Transaction<AuthTables>,
  { tenantId, callId, accountId }: { readonly tenantId: string; readonly callId: string; readonly accountId: string },
): Promise<void> {
  await sql`UPDATE quota_entries SET closed_at = clock_timestamp()
    WHERE tenant_id = ${tenantId} AND call_id = ${callId} AND account_id = ${accountId} AND kind = 'reserve'`.execute(
    tx,
  );
}
