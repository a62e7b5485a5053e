import { sql, type Database, type Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { AuthTables } from '../store/auth-tables.ts';
import { timeOf, type AccountRow } from './accounts/account-row.ts';
import { changeAccount } from './accounts/change-account.ts';
import { openCalls } from './accounts/plan-accounts.ts';
import { insertReserve } from './bookings/reserve-amounts.ts';
import { settleCall } from './bookings/settle-call.ts';
import { tellRefused } from './accounts/tell-quota.ts';
import type { BookingParts } from './bookings/write-bookings.ts';

/** What a process wants, and gives back. */
export interface LeaseWish {
  readonly tenantId: string;
  /** The process. */
  readonly holder: string;
  /** The lease before, and its units that were not used. */
  readonly before?: { readonly leaseId: string; readonly unused: number };
  /** Units, at most; absent: as many as a lease has. 0: only give back. */
  readonly wanted?: number;
}

/** What it may use. */
export interface LeaseAnswer {
  /** The plan has no quota. */
  readonly unlimited: boolean;
  readonly leaseId?: string;
  /** 0: the quota is used up. */
  readonly granted: number;
  readonly until?: Date;
  /** When the quota begins again. */
  readonly resetsAt?: Date;
}

const leaseS = 30;
/** A lease that nobody settled so long after its end is lost, and counts as spent. */
const lostAfterS = 60;
const mostUnits = 100n;

/**
 * Takes calls of a tenant's day for a process, at most 1 % of the limit and never more than 100, for 30 s. In the ledger a lease
 * is a reserve under its own id, settled when the unused units come back; one that never comes back is settled whole.
 *
 * Errors: `invalid_request` for more units back than were given; `not_found` for no tenant.
 */
export async function leaseCalls(
  database: Database<AuthTables>,
  parts: BookingParts,
  wish: LeaseWish,
): Promise<LeaseAnswer> {
  const { tenantId, wanted } = wish;
  return database.transaction(tenantId, async (tx) => {
    await giveBack(tx, parts, wish);
    const accountId = await openCalls(tx, parts, tenantId);
    if (accountId === undefined) return { unlimited: true, granted: 0 };
    const account = await changeAccount(tx, { tenantId, accountId, spent: 0n, reserved: 0n }, parts.clock);
    if (!account) throw new AppError('internal', { internal: 'an account is gone that was there' });
    const resetsAt = account.resets_at ?? undefined;
    if (wanted === 0) return { unlimited: false, granted: 0, resetsAt };
    const units = unitsOf(account, wanted);
    if (units > 0n) return { unlimited: false, ...(await grant(tx, parts, { wish, account, units })), resetsAt };
    await tellRefused(tx, parts.append, account);
    return { unlimited: false, granted: 0, resetsAt };
  });
}

function unitsOf({ limit, spent, reserved }: AccountRow, wanted: number | undefined): bigint {
  const [most, left] = [limit ?? 0n, (limit ?? 0n) - spent - reserved];
  const share = most / 100n > 1n ? most / 100n : 1n;
  return [mostUnits, left, ...(wanted === undefined ? [] : [BigInt(wanted)])].reduce(
    (least, bound) => (bound < least ? bound : least),
    share,
  );
}

interface Grant {
  readonly wish: LeaseWish;
  readonly account: AccountRow;
  readonly units: bigint;
}

async function grant(
  tx: Transaction<AuthTables>,
  parts: BookingParts,
  { wish: { tenantId, holder }, account, units }: Grant,
): Promise<Pick<LeaseAnswer, 'leaseId' | 'granted' | 'until'>> {
  const [leaseId, accountId] = [parts.newId(), account.account_id];
  const until = await endOfLease(tx, parts, account);
  await changeAccount(tx, { tenantId, accountId, spent: 0n, reserved: units }, parts.clock);
  const expiresAt = new Date(until.getTime() + lostAfterS * 1_000);
  const reservation = { tenantId, callId: leaseId, expiresAt };
  await insertReserve(tx, parts, { reservation, account, amount: units, isStarted: true });
  await tx
    .insertInto('quota_leases')
    .values({ tenant_id: tenantId, lease_id: leaseId, account_id: accountId, holder, granted: Number(units), until })
    .execute();
  return { leaseId, granted: Number(units), until };
}

/** No lease reaches into the next day. */
async function endOfLease(
  tx: Transaction<AuthTables>,
  { clock }: BookingParts,
  { resets_at: resetsAt }: AccountRow,
): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`SELECT ${timeOf(clock)} AS now`.execute(tx);
  const end = (rows[0]?.now.getTime() ?? 0) + leaseS * 1_000;
  return new Date(Math.min(end, resetsAt?.getTime() ?? end));
}

async function giveBack(
  tx: Transaction<AuthTables>,
  parts: BookingParts,
  { tenantId, holder, before }: LeaseWish,
): Promise<void> {
  if (!before) return;
  const lease = await tx
    .selectFrom('quota_leases')
    .select(['account_id', 'granted'])
    .where('tenant_id', '=', tenantId)
    .where('lease_id', '=', before.leaseId)
    .where('holder', '=', holder)
    .executeTakeFirst();
  // An old one is forgotten after days, and somebody else's is none of theirs: nothing to give back.
  if (!lease) return;
  if (before.unused > lease.granted)
    throw new AppError('invalid_request', { errors: [{ field: 'returned', rule: 'max' }] });
  const amounts = new Map([[lease.account_id, BigInt(lease.granted - before.unused)]]);
  await settleCall(tx, parts, { tenantId, callId: before.leaseId, amounts });
}
