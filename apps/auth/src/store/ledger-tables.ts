import type { Generated } from '@universal-api/database';

/** Table `auth.limit_overrides`. */
export interface LimitOverridesTable {
  tenant_id: string;
  policy: string;
  q: number;
  set_at: Generated<Date>;
}

/** Table `auth.limit_refusals`: a row for each policy that refused a call. */
export interface LimitRefusalsTable {
  tenant_id: string;
  call_id: string;
  policy: string;
  request_id: string;
  key_id: string | null;
  q: number;
  window_s: number;
  cost: number;
  debt_s: number;
  slots: Generated<Date[]>;
  at: Date;
}

/** Table `auth.limit_alerts`: what `rate_limit.exceeded` has not told yet. */
export interface LimitAlertsTable {
  tenant_id: string;
  policy: string;
  key_id: string;
  q: number;
  window_s: number;
  untold: number;
  first_at: Date;
  last_at: Date;
  told_at: Generated<Date | null>;
}

/** Table `auth.quota_accounts`. */
export interface QuotaAccountsTable {
  tenant_id: string;
  account_id: string;
  scope: 'tenant' | 'user' | 'key' | 'provider';
  subject: Generated<string>;
  unit: 'calls' | 'tokens' | 'chars' | 'seconds' | 'nano_usd';
  period: 'day' | 'month' | 'total';
  zone: Generated<string>;
  limit: bigint | null;
  spent: Generated<bigint>;
  reserved: Generated<bigint>;
  period_start: Date;
  told_pct: Generated<number | null>;
}

/** Table `auth.quota_entries`: every booking. */
export interface QuotaEntriesTable {
  tenant_id: string;
  entry_id: string;
  call_id: string;
  account_id: string;
  kind: 'reserve' | 'settle' | 'refund' | 'expire' | 'correct';
  amount: bigint;
  assumed: Generated<boolean>;
  period_start: Date;
  at: Generated<Date>;
  expires_at: Generated<Date | null>;
  started: Generated<bigint | null>;
  closed_at: Generated<Date | null>;
}

/** Table `auth.quota_leases`. */
export interface QuotaLeasesTable {
  tenant_id: string;
  lease_id: string;
  account_id: string;
  holder: string;
  granted: number;
  until: Date;
}

/** Tables of limits and the ledger. */
export interface LedgerTables {
  limit_overrides: LimitOverridesTable;
  limit_refusals: LimitRefusalsTable;
  limit_alerts: LimitAlertsTable;
  quota_accounts: QuotaAccountsTable;
  quota_entries: QuotaEntriesTable;
  quota_leases: QuotaLeasesTable;
}
