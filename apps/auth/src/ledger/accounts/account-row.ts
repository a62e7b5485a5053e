import { sql, type RawBuilder, type Selectable } from '@universal-api/database';
import type { QuotaAccountsTable } from '../../store/ledger-tables.ts';

/** An account in its present period, and when that ends. */
export interface AccountRow extends Selectable<QuotaAccountsTable> {
  /** Null: never. */
  readonly resets_at: Date | null;
}

/** Time of a booking; absent: the database's own, the same for all replicas. */
export type LedgerClock = () => Date | undefined;

/** The clock's time in a statement. */
export function timeOf(clock: LedgerClock | undefined): RawBuilder<Date> {
  const now = clock?.();
  return now ? sql<Date>`${now}::timestamptz` : sql<Date>`statement_timestamp()`;
}

/** When the period began that `now` is in, by the days and months of the account's zone; never before the one it is in. */
export const periodStartAt = (now: RawBuilder<Date>) =>
  sql<Date>`greatest(period_start, CASE period WHEN 'total' THEN period_start ELSE date_trunc(period, ${now}, zone) END)`;

/** When the period ends that begins at `start`; null for `total`. */
export const periodEndOf = (start: RawBuilder<Date>) =>
  sql<Date | null>`CASE period WHEN 'total' THEN NULL
    ELSE ((${start} AT TIME ZONE zone) + ('1 ' || period)::interval) AT TIME ZONE zone END`;

/** What was spent in the period that begins at `start`. */
export const spentSince = (start: RawBuilder<Date>) =>
  sql<bigint>`CASE WHEN period_start < ${start} THEN 0 ELSE spent END`;
