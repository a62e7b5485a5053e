import { sql, type Database } from '@universal-api/database';
import type { AuthTables } from '../store/auth-tables.ts';
import { timeOf } from './accounts/account-row.ts';
import { leaseCalls, type LeaseAnswer, type LeaseWish } from './lease-calls.ts';
import { markStarted, reserveAmounts, type Reservation, type ReserveAnswer } from './bookings/reserve-amounts.ts';
import { expireCall, settleCall, type SettleAnswer, type Settlement } from './bookings/settle-call.ts';
import type { BookingParts } from './bookings/write-bookings.ts';

/**
 * Long quotas and money of tenants (platform.md 2.6). The law, whatever interleaves, repeats or dies:
 *
 * - Per account, what was settled and put right in its period is `spent`, and what is reserved and not closed is `reserved`.
 * - A reserve or a lease never takes `spent + reserved` over the limit; only a cost above its reserve may.
 * - Everything hangs on the id of the call: the same reserve, settle or expiry again changes nothing.
 *
 * Errors of every method: those of `Database`.
 */
export interface Ledger {
  /** Holds the worst case of a call on all accounts or on none; see `reserveAmounts`. */
  reserve(reservation: Reservation): Promise<ReserveAnswer>;
  /** Before each paid attempt; false: it must not be made. */
  markStarted(attempt: Omit<Reservation, 'expiresAt'>): Promise<boolean>;
  /** Books the real cost and gives the rest back; see `settleCall`. */
  settle(settlement: Settlement): Promise<SettleAnswer>;
  /** Takes calls of the tenant's day for a process; see `leaseCalls`. */
  lease(wish: LeaseWish): Promise<LeaseAnswer>;
  /** Ends reservations whose time has run out, at most so many; gives back how many it ended. */
  expireDue(most: number): Promise<number>;
}

/** What the ledger works with. */
export interface LedgerParts extends BookingParts {
  /** Pool of `auth_app`. */
  readonly database: Database<AuthTables>;
  /** Pool of `auth_worker`: finds what is due in all tenants. */
  readonly worker: Pick<Database<AuthTables>, 'instance'>;
}

/** The ledger over PostgreSQL. */
export function createLedger(parts: LedgerParts): Ledger {
  const { database, worker, clock } = parts;
  return {
    reserve: (reservation) => reserveAmounts(database, parts, reservation),
    markStarted: (attempt) => markStarted(database, attempt),
    settle: (settlement) => database.transaction(settlement.tenantId, (tx) => settleCall(tx, parts, settlement)),
    lease: (wish) => leaseCalls(database, parts, wish),
    async expireDue(most) {
      const due = await worker.instance(async (tx) => {
        const { rows } = await sql<{ tenantId: string; callId: string }>`
          SELECT DISTINCT tenant_id AS "tenantId", call_id AS "callId" FROM quota_entries
          WHERE kind = 'reserve' AND closed_at IS NULL AND expires_at <= ${timeOf(clock)} LIMIT ${most}`.execute(tx);
        return rows;
      });
      let ended = 0;
      for (const call of due) {
        if (await database.transaction(call.tenantId, (tx) => expireCall(tx, parts, call))) ended += 1;
      }
      return ended;
    },
  };
}
