-- Sessions of people, what renews them, and the keys that sign access tokens (platform.md 1.1, 1.6, 1.7).

-- Instance tables that hang on a user. A session remembers the tenant it acts in; access tokens are nowhere.
CREATE TABLE sessions (
  session_id     uuid PRIMARY KEY,
  user_id        uuid NOT NULL REFERENCES users,
  kind           text NOT NULL CHECK (kind IN ('token', 'cookie')),
  -- Of a cookie; a token session is renewed by its refresh tokens.
  token_hash     bytea UNIQUE CHECK (octet_length(token_hash) = 32),
  acts_in        uuid NOT NULL REFERENCES tenants,
  ua_family      text NOT NULL CHECK (length(ua_family) <= 64),
  -- /24 or /48; empty where the address is unknown.
  ip_prefix      text NOT NULL CHECK (length(ip_prefix) <= 64),
  amr            text[] NOT NULL CHECK (cardinality(amr) BETWEEN 1 AND 8),
  created_at     timestamptz NOT NULL,
  -- When its holder last proved who they are.
  proof_at       timestamptz NOT NULL,
  seen_at        timestamptz NOT NULL,
  idle_until     timestamptz NOT NULL,
  absolute_until timestamptz NOT NULL,
  revoked_at     timestamptz,
  CHECK ((kind = 'cookie') = (token_hash IS NOT NULL))
);
CREATE INDEX sessions_of_user ON sessions (user_id, session_id DESC);
CREATE INDEX sessions_by_end ON sessions (absolute_until);

-- A family is a session: each token is used once and names the one that came after it.
CREATE TABLE refresh_tokens (
  -- SHA-256 of the token; the token itself is nowhere.
  token_hash     bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  session_id     uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  user_id        uuid NOT NULL,
  issued_at      timestamptz NOT NULL,
  used_at        timestamptz,
  successor_hash bytea CHECK (octet_length(successor_hash) = 32),
  -- The whole answer, sealed under a key that only the token gives; wiped once replay_until is over.
  replay_blob    bytea,
  replay_until   timestamptz,
  CHECK ((used_at IS NULL) = (successor_hash IS NULL)),
  CHECK ((used_at IS NULL) = (replay_until IS NULL))
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_to_wipe ON refresh_tokens (replay_until) WHERE replay_blob IS NOT NULL;
-- One live token for each family, whatever goes wrong.
CREATE UNIQUE INDEX refresh_tokens_live ON refresh_tokens (session_id) WHERE used_at IS NULL;

-- Between the two steps of a login.
CREATE TABLE mfa_tokens (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  user_id    uuid NOT NULL REFERENCES users,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX mfa_tokens_by_age ON mfa_tokens (expires_at);

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;
ALTER TABLE mfa_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE mfa_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY sessions_own ON sessions TO auth_app
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY refresh_tokens_own ON refresh_tokens TO auth_app
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY mfa_tokens_own ON mfa_tokens TO auth_app
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
-- Operators end sessions of anybody; the sweeper wipes and forgets.
CREATE POLICY sessions_worker ON sessions TO auth_worker USING (true) WITH CHECK (true);
CREATE POLICY refresh_tokens_worker ON refresh_tokens TO auth_worker USING (true) WITH CHECK (true);
CREATE POLICY mfa_tokens_worker ON mfa_tokens TO auth_worker USING (true) WITH CHECK (true);
CREATE POLICY sessions_lookup ON sessions FOR SELECT TO auth_lookup USING (true);
CREATE POLICY refresh_tokens_lookup ON refresh_tokens FOR SELECT TO auth_lookup USING (true);
CREATE POLICY mfa_tokens_lookup ON mfa_tokens FOR SELECT TO auth_lookup USING (true);

GRANT SELECT, INSERT, UPDATE ON sessions, refresh_tokens, mfa_tokens TO auth_app;
GRANT SELECT, UPDATE, DELETE ON sessions, refresh_tokens, mfa_tokens TO auth_worker;
GRANT SELECT ON sessions, refresh_tokens, mfa_tokens TO auth_lookup;

-- Keys of the installation; the private part is sealed under DATA_ENCRYPTION_KEY.
CREATE TABLE signing_keys (
  kid         text PRIMARY KEY CHECK (kid ~ '^[A-Za-z0-9_-]{1,64}$'),
  alg         text NOT NULL CHECK (alg = 'ES256'),
  state       text NOT NULL CHECK (state IN ('next', 'current', 'retired')),
  private_enc text NOT NULL CHECK (private_enc ~ '^v[1-9][0-9]*\.[A-Za-z0-9_-]+$'),
  public_jwk  jsonb NOT NULL CHECK (public_jwk ->> 'kty' = 'EC' AND NOT public_jwk ? 'd'),
  publish_at  timestamptz NOT NULL,
  -- Signs from and until: as planned while it is to come, as it was once it is over.
  use_from    timestamptz CHECK (state = 'next' OR use_from IS NOT NULL),
  use_until   timestamptz CHECK (state = 'next' OR use_until IS NOT NULL),
  drop_at     timestamptz CHECK ((state = 'retired') = (drop_at IS NOT NULL))
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (state) WHERE state = 'current';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (state) WHERE state = 'next';
GRANT SELECT, INSERT, UPDATE, DELETE ON signing_keys TO auth_app;

-- A token has to be found before its user is known. One row at most, with what decides whether it still counts.
GRANT CREATE ON SCHEMA auth TO auth_lookup;
SET LOCAL ROLE auth_lookup;
CREATE FUNCTION auth.find_refresh_token(wanted bytea)
  RETURNS TABLE (
    session_id uuid, user_id uuid, used_at timestamptz, replay_blob bytea, replay_until timestamptz,
    acts_in uuid, amr text[], idle_until timestamptz, absolute_until timestamptz, revoked_at timestamptz)
  LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
  SET search_path = ''
  AS $$
    SELECT r.session_id, r.user_id, r.used_at, r.replay_blob, r.replay_until,
           s.acts_in, s.amr, s.idle_until, s.absolute_until, s.revoked_at
    FROM auth.refresh_tokens r JOIN auth.sessions s ON s.session_id = r.session_id
    WHERE r.token_hash = wanted
    LIMIT 1
  $$;
CREATE FUNCTION auth.find_mfa_token(wanted bytea) RETURNS SETOF auth.mfa_tokens
  LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
  SET search_path = ''
  AS $$ SELECT m.* FROM auth.mfa_tokens m WHERE m.token_hash = wanted LIMIT 1 $$;
REVOKE ALL ON FUNCTION auth.find_refresh_token(bytea), auth.find_mfa_token(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.find_refresh_token(bytea), auth.find_mfa_token(bytea) TO auth_app;
SET LOCAL ROLE auth_owner;
REVOKE CREATE ON SCHEMA auth FROM auth_lookup;
