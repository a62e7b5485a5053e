-- Rate overrides, refusals, long quotas and money (platform.md 1.1, 2.6, 2.7).

-- What a plan gives beside its rates, which are in libs/limits. Null: no quota.
CREATE TABLE plans (
  plan          text PRIMARY KEY,
  calls_per_day bigint CHECK (calls_per_day > 0)
);
INSERT INTO plans (plan, calls_per_day) VALUES ('free', 100), ('starter', 1000), ('pro', 10000), ('unlimited', NULL);

-- Another value of a rate policy for a tenant.
CREATE TABLE limit_overrides (
  tenant_id uuid NOT NULL REFERENCES tenants,
  policy    text NOT NULL CHECK (policy ~ '^[a-z0-9-]{2,40}$'),
  q         integer NOT NULL CHECK (q BETWEEN 1 AND 1000000),
  set_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, policy)
);

-- Calls of the last 24 hours that a rate policy refused, a row for each policy.
CREATE TABLE limit_refusals (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  call_id    uuid NOT NULL,
  policy     text NOT NULL,
  request_id text NOT NULL CHECK (length(request_id) <= 64),
  -- Lineage of the key; null: a call without a key.
  key_id     uuid,
  q          integer NOT NULL CHECK (q > 0),
  window_s   integer NOT NULL CHECK (window_s > 0),
  -- Units asked for, and how long until the bucket would have been empty.
  cost       integer NOT NULL CHECK (cost >= 0),
  debt_s     double precision NOT NULL CHECK (debt_s >= 0),
  -- When each of the next units came back.
  slots      timestamptz[] NOT NULL DEFAULT '{}',
  at         timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, call_id, policy)
);
CREATE INDEX limit_refusals_by_request ON limit_refusals (tenant_id, request_id);
CREATE INDEX limit_refusals_by_age ON limit_refusals (at);

-- What rate_limit.exceeded has not told yet. The key is its lineage; the zero UUID: calls without a key.
CREATE TABLE limit_alerts (
  tenant_id uuid NOT NULL REFERENCES tenants,
  policy    text NOT NULL,
  key_id    uuid NOT NULL,
  q         integer NOT NULL,
  window_s  integer NOT NULL,
  untold    integer NOT NULL CHECK (untold >= 0),
  -- Of the refusals that are not told yet.
  first_at  timestamptz NOT NULL,
  last_at   timestamptz NOT NULL,
  told_at   timestamptz,
  PRIMARY KEY (tenant_id, policy, key_id)
);
CREATE INDEX limit_alerts_untold ON limit_alerts (told_at) WHERE untold > 0;

CREATE TABLE quota_accounts (
  tenant_id    uuid NOT NULL REFERENCES tenants,
  account_id   uuid NOT NULL,
  scope        text NOT NULL CHECK (scope IN ('tenant', 'user', 'key', 'provider')),
  -- User, lineage of a key, or provider; empty: the tenant's own.
  subject      text NOT NULL DEFAULT '' CHECK (length(subject) <= 64 AND (scope = 'tenant') = (subject = '')),
  unit         text NOT NULL CHECK (unit IN ('calls', 'tokens', 'chars', 'seconds', 'nano_usd')),
  period       text NOT NULL CHECK (period IN ('day', 'month', 'total')),
  -- Time zone whose days and months count.
  zone         text NOT NULL DEFAULT 'UTC',
  -- Null: none.
  "limit"      bigint CHECK ("limit" >= 0),
  spent        bigint NOT NULL DEFAULT 0 CHECK (spent >= 0),
  reserved     bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  period_start timestamptz NOT NULL,
  -- The last share that was told of in this period: 20 or 5 per cent left, or 0.
  told_pct     smallint CHECK (told_pct IN (20, 5, 0)),
  PRIMARY KEY (tenant_id, account_id),
  UNIQUE (tenant_id, scope, subject, unit, period)
);

-- Every booking. A reserve is open until it is closed by what follows it; entries are never deleted.
CREATE TABLE quota_entries (
  tenant_id    uuid NOT NULL,
  entry_id     uuid NOT NULL,
  call_id      text NOT NULL CHECK (length(call_id) BETWEEN 1 AND 64),
  account_id   uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('reserve', 'settle', 'refund', 'expire', 'correct')),
  amount       bigint NOT NULL CHECK (kind = 'correct' OR amount >= 0),
  -- Settled at the worst case, since nobody said what it was.
  assumed      boolean NOT NULL DEFAULT false,
  -- The period that it is booked in.
  period_start timestamptz NOT NULL,
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Of a reserve: when it ends by itself, the worst case of the attempts that were begun, when it was closed.
  expires_at   timestamptz CHECK ((kind = 'reserve') = (expires_at IS NOT NULL)),
  started      bigint CHECK (started >= 0),
  closed_at    timestamptz,
  PRIMARY KEY (tenant_id, entry_id),
  UNIQUE (tenant_id, call_id, account_id, kind),
  FOREIGN KEY (tenant_id, account_id) REFERENCES quota_accounts
);
CREATE INDEX quota_entries_of_account ON quota_entries (tenant_id, account_id, entry_id);
CREATE INDEX quota_entries_open ON quota_entries (expires_at) WHERE kind = 'reserve' AND closed_at IS NULL;

-- Units of a quota that a process may use without asking; the booking is a reserve under the id of the lease.
CREATE TABLE quota_leases (
  tenant_id  uuid NOT NULL,
  lease_id   uuid NOT NULL,
  account_id uuid NOT NULL,
  holder     text NOT NULL CHECK (length(holder) BETWEEN 1 AND 64),
  granted    integer NOT NULL CHECK (granted > 0),
  until      timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, lease_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES quota_accounts
);
CREATE INDEX quota_leases_by_age ON quota_leases (until);

ALTER TABLE limit_overrides ENABLE ROW LEVEL SECURITY;
ALTER TABLE limit_overrides FORCE ROW LEVEL SECURITY;
ALTER TABLE limit_refusals ENABLE ROW LEVEL SECURITY;
ALTER TABLE limit_refusals FORCE ROW LEVEL SECURITY;
ALTER TABLE limit_alerts ENABLE ROW LEVEL SECURITY;
ALTER TABLE limit_alerts FORCE ROW LEVEL SECURITY;
ALTER TABLE quota_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE quota_accounts FORCE ROW LEVEL SECURITY;
ALTER TABLE quota_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE quota_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE quota_leases ENABLE ROW LEVEL SECURITY;
ALTER TABLE quota_leases FORCE ROW LEVEL SECURITY;

CREATE POLICY limit_overrides_own ON limit_overrides TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY limit_refusals_own ON limit_refusals TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY limit_alerts_own ON limit_alerts TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY quota_accounts_own ON quota_accounts TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY quota_entries_own ON quota_entries TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY quota_leases_own ON quota_leases TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);

-- Overrides are read with the key, before its tenant is known.
CREATE POLICY limit_overrides_lookup ON limit_overrides FOR SELECT TO auth_lookup USING (true);

-- The group auth.usage writes for the tenants of all calls.
CREATE POLICY limit_refusals_ingest ON limit_refusals TO auth_ingest USING (true) WITH CHECK (true);
CREATE POLICY limit_alerts_ingest ON limit_alerts TO auth_ingest USING (true) WITH CHECK (true);
CREATE POLICY api_keys_ingest ON api_keys TO auth_ingest USING (true) WITH CHECK (true);

-- The upkeep finds what is due in all tenants; what it changes, it changes as the tenant.
CREATE POLICY limit_refusals_worker ON limit_refusals TO auth_worker USING (true) WITH CHECK (true);
CREATE POLICY limit_alerts_worker ON limit_alerts FOR SELECT TO auth_worker USING (true);
CREATE POLICY quota_accounts_worker ON quota_accounts FOR SELECT TO auth_worker USING (true);
CREATE POLICY quota_entries_worker ON quota_entries FOR SELECT TO auth_worker USING (true);
CREATE POLICY quota_leases_worker ON quota_leases TO auth_worker USING (true) WITH CHECK (true);

GRANT SELECT ON plans TO auth_app, auth_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON limit_overrides TO auth_app;
GRANT SELECT ON limit_overrides TO auth_lookup;
GRANT SELECT ON limit_refusals TO auth_app;
GRANT SELECT, INSERT ON limit_refusals TO auth_ingest;
GRANT SELECT, DELETE ON limit_refusals TO auth_worker;
GRANT SELECT, UPDATE ON limit_alerts TO auth_app;
GRANT SELECT, INSERT, UPDATE ON limit_alerts TO auth_ingest;
GRANT SELECT ON limit_alerts TO auth_worker;
GRANT SELECT, INSERT, UPDATE ON quota_accounts TO auth_app;
GRANT SELECT, INSERT ON quota_entries TO auth_app;
GRANT UPDATE (started, closed_at) ON quota_entries TO auth_app;
GRANT SELECT, INSERT ON quota_leases TO auth_app;
GRANT SELECT ON quota_accounts, quota_entries TO auth_worker;
GRANT SELECT, DELETE ON quota_leases TO auth_worker;
GRANT SELECT (tenant_id, lineage_id, state, last_used_at), UPDATE (last_used_at) ON api_keys TO auth_ingest;
