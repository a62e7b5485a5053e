import { type Database, sql, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { AuthTables } from '../../store/auth-tables.ts';
import type { AccountRow } from '../accounts/account-row.ts';
import { readCall } from './call-entries.ts';
import { changeAccount } from '../accounts/change-account.ts';
import { lockCall } from './lock-call.ts';
import { tellRefused } from '../accounts/tell-quota.ts';
import type { BookingParts } from './write-bookings.ts';

/** A call, and its worst case. */
export interface Reservation {
  readonly tenantId: string;
  readonly callId: string;
  /** By account, above 0. */
  readonly amounts: ReadonlyMap<string, bigint>;
  /** When the sweeper ends it, if nobody settled it. */
  readonly expiresAt: Date;
}

/** Whether it holds. */
export interface ReserveAnswer {
  readonly reserved: boolean;
  /** Accounts that had not enough. */
  readonly exhausted: readonly string[];
  /** When the last of them begins again; absent: never. */
  readonly resetsAt?: Date;
}

const isReserved: ReserveAnswer = { reserved: true, exhausted: [] };

/**
 * Holds the worst case of a call on all accounts, or on none; the same call again holds nothing more.
 *
 * Errors: `not_found` for an account that the tenant has not; `deadline_exceeded` for a call whose reservation has run out.
 */
export async function reserveAmounts(
  database: Database<AuthTables>,
  parts: BookingParts,
  reservation: Reservation,
): Promise<ReserveAnswer> {
  const { tenantId } = reservation;
  try {
    await database.transaction(tenantId, (tx) => reserve(tx, parts, reservation));
    return isReserved;
  } catch (error) {
    if (!(error instanceof NotEnough)) throw error;
    return refuse(database, parts, tenantId, error.accounts);
  }
}

/** Undoes the transaction, so that no account holds anything. */
class NotEnough extends Error {
  readonly accounts: readonly string[];

  constructor(accounts: readonly string[]) {
    super('not enough is left');
    this.accounts = accounts;
  }
}

async function reserve(tx: Transaction<AuthTables>, parts: BookingParts, reservation: Reservation): Promise<void> {
  const { tenantId, callId, amounts } = reservation;
  await lockCall(tx, tenantId, callId);
  const before = [...(await readCall(tx, tenantId, callId)).values()];
  if (before.some(({ hasExpired }) => hasExpired)) {
    throw new AppError('deadline_exceeded', { internal: 'the reservation of this call has run out' });
  }
  if (before.length > 0) return;
  const refused: string[] = [];
  for (const [accountId, amount] of [...amounts].sort(byId)) {
    const account = await changeAccount(
      tx,
      { tenantId, accountId, spent: 0n, reserved: amount, isLimited: true },
      parts.clock,
    );
    if (account) await insertReserve(tx, parts, { reservation, account, amount });
    else refused.push(accountId);
  }
  if (refused.length > 0) throw new NotEnough(refused);
}

const byId = ([one]: readonly [string, bigint], [other]: readonly [string, bigint]) => (one < other ? -1 : 1);

interface NewReserve {
  readonly reservation: Pick<Reservation, 'tenantId' | 'callId' | 'expiresAt'>;
  readonly account: AccountRow;
  readonly amount: bigint;
  /** Counts as begun from the start: what runs out is spent. */
  readonly isStarted?: boolean;
}

/** Writes the entry of a reserve. */
export async function insertReserve(
  tx: Transaction<AuthTables>,
  { newId }: Pick<BookingParts, 'newId'>,
  { reservation: { tenantId, callId, expiresAt }, account, amount, isStarted = false }: NewReserve,
): Promise<void> {
  await tx
    .insertInto('quota_entries')
    .values({
      tenant_id: tenantId,
      entry_id: newId(),
      call_id: callId,
      account_id: account.account_id,
      kind: 'reserve',
      amount,
      period_start: account.period_start,
      expires_at: expiresAt,
      started: isStarted ? amount : null,
    })
    .execute();
}

async function refuse(
  database: Database<AuthTables>,
  parts: BookingParts,
  tenantId: string,
  accountIds: readonly string[],
): Promise<ReserveAnswer> {
  const accounts = await database.transaction(tenantId, async (tx) => {
    const found: AccountRow[] = [];
    for (const accountId of accountIds) {
      const account = await changeAccount(tx, { tenantId, accountId, spent: 0n, reserved: 0n }, parts.clock);
      if (!account) throw new AppError('not_found', { detail: 'The tenant has no such account.' });
      await tellRefused(tx, parts.append, account);
      found.push(account);
    }
    return found;
  });
  const resets = accounts.map(({ resets_at: resetsAt }) => resetsAt);
  const last = resets.reduce((one, other) => (one && other ? (one > other ? one : other) : null), resets[0] ?? null);
  return { reserved: false, exhausted: accountIds, ...(last && { resetsAt: last }) };
}

/**
 * Marks that an attempt begins whose worst case is this, before it is made: what runs out then counts as spent. False: the
 * reservation does not hold any more, and the attempt must not be made.
 */
export async function markStarted(
  database: Database<AuthTables>,
  { tenantId, callId, amounts }: Omit<Reservation, 'expiresAt'>,
): Promise<boolean> {
  return database.transaction(tenantId, async (tx) => {
    await lockCall(tx, tenantId, callId);
    const known = await readCall(tx, tenantId, callId);
    if (![...amounts.keys()].every((accountId) => known.get(accountId)?.reserve?.isOpen)) return false;
    for (const [accountId, amount] of [...amounts].sort(byId)) {
      await sql`UPDATE quota_entries SET started = coalesce(started, 0) + ${amount}::bigint
        WHERE tenant_id = ${tenantId} AND call_id = ${callId} AND account_id = ${accountId} AND kind = 'reserve'`.execute(
        tx,
      );
    }
    return true;
  });
}
