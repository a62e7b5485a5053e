-- People, where they belong, and what ended (platform.md 1.1, 1.4). A user is one identity for the installation; a
-- membership is a tenant's.

CREATE TABLE users (
  user_id           uuid PRIMARY KEY,
  email             text NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  username          text NOT NULL UNIQUE CHECK (username ~ '^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$'),
  email_verified_at timestamptz,
  status            text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled', 'erasing')),
  locale            text NOT NULL DEFAULT '',
  operator          boolean NOT NULL DEFAULT false,
  created_at        timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE memberships (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  user_id    uuid NOT NULL REFERENCES users,
  role       text NOT NULL CHECK (role IN ('viewer', 'analyst', 'developer', 'admin', 'owner')),
  invited_by uuid,
  joined_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_of_user ON memberships (user_id);

-- What was revoked within the last hour; every app holds a stream of it. Of a user in one tenant the id is user/tenant.
CREATE TABLE revocations (
  seq  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('key', 'session', 'user', 'tenant')),
  id   text NOT NULL CHECK (length(id) BETWEEN 36 AND 73),
  at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX revocations_by_age ON revocations (at);

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;

-- A user is seen by themselves, and by the tenants they belong to.
CREATE POLICY users_seen ON users FOR SELECT TO auth_app
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid
    OR EXISTS (SELECT FROM memberships m WHERE m.user_id = users.user_id
               AND m.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY users_made ON users FOR INSERT TO auth_app
  WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY users_changed ON users FOR UPDATE TO auth_app
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY memberships_own ON memberships TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);

-- Operators act for the whole installation, by a pool of their own.
CREATE POLICY tenants_worker ON tenants TO auth_worker USING (true) WITH CHECK (true);
CREATE POLICY api_keys_worker ON api_keys TO auth_worker USING (true) WITH CHECK (true);
CREATE POLICY users_worker ON users TO auth_worker USING (true) WITH CHECK (true);
CREATE POLICY memberships_worker ON memberships TO auth_worker USING (true) WITH CHECK (true);

CREATE POLICY users_lookup ON users FOR SELECT TO auth_lookup USING (true);
CREATE POLICY memberships_lookup ON memberships FOR SELECT TO auth_lookup USING (true);

GRANT SELECT, INSERT, UPDATE ON users TO auth_app, auth_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO auth_app, auth_worker;
GRANT SELECT, INSERT, UPDATE ON tenants, api_keys TO auth_worker;
GRANT SELECT, INSERT ON revocations TO auth_app, auth_worker;
GRANT DELETE ON revocations TO auth_worker;
GRANT SELECT ON users, memberships TO auth_lookup;
GRANT SELECT (name, slug, created_at) ON tenants TO auth_lookup;
GRANT SELECT (ip_allow, limits, name, last4) ON api_keys TO auth_lookup;

-- A person has to be found before anything about them is known.
GRANT CREATE ON SCHEMA auth TO auth_lookup;
SET LOCAL ROLE auth_lookup;
CREATE FUNCTION auth.find_user_by_email(wanted text) RETURNS SETOF auth.users
  LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
  SET search_path = ''
  AS $$ SELECT u.* FROM auth.users u WHERE u.email = wanted LIMIT 1 $$;
-- Where a person belongs: one row, a JSON array of {tenant_id, tenant_name, status, plan, credential_pool, role, joined_at}.
CREATE FUNCTION auth.find_memberships(wanted uuid) RETURNS TABLE (memberships jsonb)
  LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
  SET search_path = ''
  AS $$
    SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
             'tenant_id', m.tenant_id, 'tenant_name', t.name, 'status', t.status, 'plan', t.plan,
             'credential_pool', t.credential_pool, 'role', m.role, 'joined_at', m.joined_at)
             ORDER BY m.joined_at, m.tenant_id), '[]'::pg_catalog.jsonb)
    FROM auth.memberships m JOIN auth.tenants t ON t.tenant_id = m.tenant_id
    WHERE m.user_id = wanted
  $$;
REVOKE ALL ON FUNCTION auth.find_user_by_email(text), auth.find_memberships(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.find_user_by_email(text), auth.find_memberships(uuid) TO auth_app;
SET LOCAL ROLE auth_owner;
REVOKE CREATE ON SCHEMA auth FROM auth_lookup;
