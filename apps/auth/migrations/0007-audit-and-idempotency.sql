-- The audit log: per tenant a chain of hashes (platform.md 1.11), with the names of who acted outside of it.

CREATE TABLE audit (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  -- From 1 without gaps, given out under the lock of audit_head.
  seq        bigint NOT NULL CHECK (seq > 0),
  -- Whole milliseconds: what is hashed is their text.
  at         timestamptz NOT NULL CHECK (at = date_trunc('milliseconds', at)),
  -- Pseudonym; whose it is says audit_actors, while it is known.
  actor      text NOT NULL CHECK (actor ~ '^[0-9a-f]{32}$'),
  actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'key', 'system', 'cli', 'anonymous')),
  action     text NOT NULL CHECK (action ~ '^[a-z0-9_]+(\.[a-z0-9_]+)+$' AND length(action) <= 64),
  object     text NOT NULL CHECK (length(object) <= 200),
  outcome    text NOT NULL CHECK (outcome IN ('ok', 'refused')),
  reason     text NOT NULL CHECK (length(reason) <= 500),
  request_id text NOT NULL CHECK (length(request_id) <= 64),
  -- /24 or /48; empty where there is none.
  ip_prefix  text NOT NULL,
  diff       jsonb NOT NULL CHECK (jsonb_typeof(diff) = 'object'),
  prev_hash  bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
  -- SHA-256(prev_hash || RFC 8785 JSON of the row without hash).
  hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_by_action ON audit (tenant_id, action, seq);

-- Segment 0 is the head of the chain, whose lock every append takes; yyyymm is the last row of that month. What is dropped is a
-- whole month, and the next row still has something to follow.
CREATE TABLE audit_head (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  segment    integer NOT NULL CHECK (segment = 0 OR segment BETWEEN 190001 AND 999912),
  seq        bigint NOT NULL CHECK (seq >= 0),
  at         timestamptz NOT NULL,
  hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
  dropped_at timestamptz,
  PRIMARY KEY (tenant_id, segment)
);

-- Who acted. The pseudonym is an HMAC under the key of this row: without the row nobody can tell whose it was.
CREATE TABLE audit_actors (
  tenant_id uuid NOT NULL REFERENCES tenants,
  actor     text NOT NULL CHECK (length(actor) BETWEEN 1 AND 128),
  pseudonym text NOT NULL,
  key       bytea NOT NULL CHECK (octet_length(key) = 32),
  PRIMARY KEY (tenant_id, actor),
  UNIQUE (tenant_id, pseudonym)
);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only ever appended to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_head FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_actors ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_actors FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_own ON audit TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY audit_head_own ON audit_head TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY audit_actors_own ON audit_actors TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);

-- Operators, and the group that takes in what other services tell, append to the chains of many tenants.
CREATE POLICY audit_many ON audit TO auth_worker, auth_ingest USING (true) WITH CHECK (true);
CREATE POLICY audit_head_many ON audit_head TO auth_worker, auth_ingest USING (true) WITH CHECK (true);
CREATE POLICY audit_actors_many ON audit_actors TO auth_worker, auth_ingest USING (true) WITH CHECK (true);

GRANT SELECT, INSERT ON audit TO auth_app, auth_worker, auth_ingest;
GRANT SELECT, INSERT, UPDATE ON audit_head TO auth_app, auth_worker, auth_ingest;
GRANT SELECT, INSERT ON audit_actors TO auth_app, auth_worker, auth_ingest;
GRANT DELETE ON audit_actors TO auth_worker;

-- Answers to calls under an Idempotency-Key, for a day (style.md 4.6). Copy of libs/database/templates/idempotency.sql.
CREATE TABLE idempotency (
  tenant_id    uuid NOT NULL,
  key          text NOT NULL CHECK (key ~ '^[\x21-\x7e]{1,255}$'),
  -- HMAC-SHA-256 over who asked for what.
  request_mac  bytea NOT NULL CHECK (octet_length(request_mac) = 32),
  -- Response metadata, the status among them.
  headers      jsonb NOT NULL CHECK (jsonb_typeof(headers) = 'object'),
  -- Bytes of the answer's message, without what is shown only once.
  answer       bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (tenant_id, created_at);

ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_own ON idempotency TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY idempotency_worker ON idempotency TO auth_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO auth_app, auth_worker;

-- A revocation that commits late may have a lower number than one that was read before it. So readers go by transactions: what
-- has an xid below the oldest that still runs is complete.
ALTER TABLE revocations ADD COLUMN xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX revocations_by_xid ON revocations (xid);

-- What ends, ends for others with the commit: a token that was made while its transaction still ran says what was so before.
CREATE FUNCTION stamp_revocation() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  UPDATE auth.revocations SET at = clock_timestamp() WHERE seq = NEW.seq;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER revocation_ends_now AFTER INSERT ON revocations DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION stamp_revocation();
GRANT UPDATE (at) ON revocations TO auth_app, auth_worker;

-- One row: revocations of transactions up to this one may have been swept away.
CREATE TABLE revocation_floor (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  xid bigint NOT NULL
);
INSERT INTO revocation_floor (xid) VALUES (pg_current_xact_id()::text::bigint);
GRANT SELECT ON revocation_floor TO auth_app;
GRANT SELECT, UPDATE ON revocation_floor TO auth_worker;

-- What holds until a time, in every app: log levels, as log_level.<service>.
CREATE TABLE runtime_settings (
  name       text PRIMARY KEY CHECK (name ~ '^[a-z_]+\.[a-z]{2,32}$'),
  value      text NOT NULL CHECK (length(value) <= 64),
  until      timestamptz NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT, INSERT, UPDATE ON runtime_settings TO auth_app;
GRANT SELECT, DELETE ON runtime_settings TO auth_worker;

-- Gateways that watch, each kept alive by the stream that it has. Worth nothing after a crash, so not logged.
CREATE UNLOGGED TABLE gateways (
  instance text PRIMARY KEY CHECK (length(instance) BETWEEN 1 AND 64),
  seen_at  timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON gateways TO auth_app;
GRANT SELECT, DELETE ON gateways TO auth_worker;

-- Which events this schema's consumers have had (webhooks.md 5.4). Copy of libs/events/templates/inbox.sql.
CREATE TABLE inbox (
  consumer    text NOT NULL,
  -- The day inside the UUIDv7 of the event.
  event_day   date NOT NULL,
  event_id    uuid NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (consumer, event_day, event_id)
) PARTITION BY RANGE (event_day);

-- libs/events keeps the partitions from here on.
DO $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'utc')::date;
BEGIN
  FOR ahead IN -14..8 LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF inbox FOR VALUES FROM (%L) TO (%L)',
      'inbox' || to_char(today + ahead, '_YYYYMMDD'), today + ahead, today + ahead + 1);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON inbox TO auth_ingest;
