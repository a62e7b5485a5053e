-- How people prove who they are, and the mail that helps them (platform.md 1.1, 1.5). All of it belongs to a user, not to a
-- tenant.

CREATE TABLE credentials (
  credential_id uuid PRIMARY KEY,
  user_id       uuid NOT NULL REFERENCES users,
  kind          text NOT NULL CHECK (kind IN ('password', 'totp', 'recovery')),
  -- password: PHC string of argon2id; totp: sealed secret v<n>.<base64url>; recovery: v<n>.<base64url> of an HMAC-SHA-256.
  data          text NOT NULL CHECK (length(data) BETWEEN 16 AND 512),
  -- The 30 s step of the last code that was taken: each step counts once.
  last_step     bigint CHECK (last_step IS NULL OR kind = 'totp'),
  -- A secret of an authenticator counts once its first code was right.
  confirmed_at  timestamptz CHECK (confirmed_at IS NULL OR kind = 'totp'),
  -- A recovery code counts until it was used.
  used_at       timestamptz CHECK (used_at IS NULL OR kind = 'recovery'),
  created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX credentials_once ON credentials (user_id, kind) WHERE kind <> 'recovery';
CREATE UNIQUE INDEX credentials_recovery ON credentials (user_id, data) WHERE kind = 'recovery';

CREATE TABLE one_time_tokens (
  -- SHA-256 of the token; the token itself is nowhere but, sealed, in mail that waits.
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  user_id    uuid NOT NULL REFERENCES users,
  purpose    text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX one_time_tokens_of_user ON one_time_tokens (user_id, purpose);
CREATE INDEX one_time_tokens_by_end ON one_time_tokens (expires_at);

CREATE TABLE mail_outbox (
  mail_id     uuid PRIMARY KEY,
  template    text NOT NULL CHECK (template IN ('verify_email', 'reset_password', 'invitation')),
  recipient   text NOT NULL CHECK (length(recipient) BETWEEN 3 AND 254),
  -- Null: an address that has no account yet.
  user_id     uuid REFERENCES users,
  -- v<n>.<base64url>, sealed under DATA_ENCRYPTION_KEY; null once it was delivered or has expired.
  token       text CHECK (length(token) BETWEEN 16 AND 512),
  expires_at  timestamptz NOT NULL,
  -- When a sender tries (again), and when one took it.
  next_at     timestamptz NOT NULL DEFAULT now(),
  accepted_at timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mail_outbox_waiting ON mail_outbox (next_at) WHERE accepted_at IS NULL;
CREATE INDEX mail_outbox_by_end ON mail_outbox (expires_at);

ALTER TABLE credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE credentials FORCE ROW LEVEL SECURITY;
ALTER TABLE one_time_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE one_time_tokens FORCE ROW LEVEL SECURITY;
ALTER TABLE mail_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_outbox FORCE ROW LEVEL SECURITY;

CREATE POLICY credentials_own ON credentials TO auth_app
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY one_time_tokens_own ON one_time_tokens TO auth_app
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
-- Whoever serves requests puts mail in and never reads it.
CREATE POLICY mail_outbox_queued ON mail_outbox FOR INSERT TO auth_app WITH CHECK (accepted_at IS NULL);

-- Tokens that ended are removed, mail is shown to operators and cleaned, over all users.
CREATE POLICY one_time_tokens_worker ON one_time_tokens TO auth_worker USING (true) WITH CHECK (true);
CREATE POLICY mail_outbox_worker ON mail_outbox TO auth_worker USING (true) WITH CHECK (true);
CREATE POLICY one_time_tokens_lookup ON one_time_tokens FOR SELECT TO auth_lookup USING (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON credentials TO auth_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_tokens TO auth_app;
GRANT INSERT ON mail_outbox TO auth_app;
GRANT SELECT, DELETE ON one_time_tokens TO auth_worker;
GRANT SELECT, UPDATE, DELETE ON mail_outbox TO auth_worker;
GRANT SELECT ON one_time_tokens TO auth_lookup;

-- A link says nothing of whose it is; this function finds its row, used or not.
GRANT CREATE ON SCHEMA auth TO auth_lookup;
SET LOCAL ROLE auth_lookup;
CREATE FUNCTION auth.find_one_time_token(wanted bytea) RETURNS SETOF auth.one_time_tokens
  LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
  SET search_path = ''
  AS $$ SELECT t.* FROM auth.one_time_tokens t WHERE t.token_hash = wanted LIMIT 1 $$;
REVOKE ALL ON FUNCTION auth.find_one_time_token(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.find_one_time_token(bytea) TO auth_app;
SET LOCAL ROLE auth_owner;
REVOKE CREATE ON SCHEMA auth FROM auth_lookup;
