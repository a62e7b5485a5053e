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

-- Replace SERVICE by the name of the schema.
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_own ON idempotency TO SERVICE_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO SERVICE_app;
