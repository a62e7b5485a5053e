-- Tenants and their API keys (platform.md 1.1), with row-level security from the first row (1.9).

CREATE TABLE tenants (
  tenant_id       uuid PRIMARY KEY,
  slug            text NOT NULL UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{1,62}$'),
  name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  status          text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'erasing')),
  plan            text NOT NULL CHECK (plan IN ('free', 'starter', 'pro', 'unlimited')),
  -- Whose provider credentials its calls may use: nobody's, its own, or the operator's too.
  credential_pool text NOT NULL CHECK (credential_pool IN ('local', 'own', 'shared')),
  created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
  tenant_id      uuid NOT NULL REFERENCES tenants,
  key_id         uuid NOT NULL,
  -- The public part of the key: what it is found by, and what logs may show.
  id12           text NOT NULL UNIQUE CHECK (id12 ~ '^[0-9A-Za-z]{12}$'),
  -- The same through all rotations: buckets and budgets hang on it.
  lineage_id     uuid NOT NULL,
  -- Null until there are projects between tenant and key.
  project_id     uuid,
  -- The user whose present role bounds the scopes; null: the tenant's own key, bounded by the role owner.
  owner          uuid,
  name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  mode           text NOT NULL CHECK (mode IN ('live', 'test')),
  -- HMAC-SHA-256(pepper[pepper_v], secret); the secret itself is nowhere.
  mac            bytea NOT NULL CHECK (octet_length(mac) = 32),
  pepper_v       integer NOT NULL CHECK (pepper_v > 0),
  last4          text NOT NULL CHECK (last4 ~ '^[0-9A-Za-z]{4}$'),
  scopes         text[] NOT NULL,
  -- Empty: from anywhere.
  ip_allow       cidr[] NOT NULL DEFAULT '{}',
  limits         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(limits) = 'object'),
  budget_account uuid,
  -- A rotated key works until overlap_until, a revoked one never again.
  state          text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'rotated', 'revoked')),
  expires_at     timestamptz,
  rotated_from   uuid,
  overlap_until  timestamptz CHECK (state <> 'rotated' OR overlap_until IS NOT NULL),
  -- Whether its holder has seen it; a bootstrap key that nobody saw is revoked and made anew.
  shown          boolean NOT NULL DEFAULT false,
  last_used_at   timestamptz,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, key_id)
);

-- The reserved tenants (architecture.md 7) come before the policies: from here on even the owner writes no row.
INSERT INTO tenants (tenant_id, slug, name, plan, credential_pool) VALUES
  ('00000000-0000-0000-0000-000000000000', 'sys', 'Platform', 'unlimited', 'local'),
  ('00000000-0000-0000-0000-000000000001', 'default', 'Default', 'free', 'local');

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;

-- nullif: on a reused connection the setting is an empty string, not NULL.
CREATE POLICY tenants_own ON tenants TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY api_keys_own ON api_keys TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY tenants_lookup ON tenants FOR SELECT TO auth_lookup USING (true);
CREATE POLICY api_keys_lookup ON api_keys FOR SELECT TO auth_lookup USING (true);

GRANT SELECT, INSERT, UPDATE ON tenants TO auth_app;
GRANT SELECT, INSERT, UPDATE ON api_keys TO auth_app;
GRANT SELECT (tenant_id, status, plan, credential_pool) ON tenants TO auth_lookup;
GRANT SELECT (tenant_id, key_id, id12, lineage_id, owner, mode, mac, pepper_v, scopes, ip_allow, state, expires_at, overlap_until)
  ON api_keys TO auth_lookup;

-- A key has to be found before its tenant is known; this function is the only way, and gives one row at most.
GRANT CREATE ON SCHEMA auth TO auth_lookup;
SET LOCAL ROLE auth_lookup;
CREATE FUNCTION auth.find_api_key(wanted_id12 text)
  RETURNS TABLE (
    tenant_id uuid, key_id uuid, lineage_id uuid, owner uuid, mode text, mac bytea, pepper_v integer, scopes text[],
    restricts_ip boolean, state text, expires_at timestamptz, overlap_until timestamptz,
    tenant_status text, plan text, credential_pool text, read_at timestamptz)
  LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
  SET search_path = ''
  AS $$
    SELECT k.tenant_id, k.key_id, k.lineage_id, k.owner, k.mode, k.mac, k.pepper_v, k.scopes,
           pg_catalog.cardinality(k.ip_allow) > 0, k.state, k.expires_at, k.overlap_until,
           t.status, t.plan, t.credential_pool, pg_catalog.now()
    FROM auth.api_keys k JOIN auth.tenants t ON t.tenant_id = k.tenant_id
    WHERE k.id12 = wanted_id12
    LIMIT 1
  $$;
REVOKE ALL ON FUNCTION auth.find_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.find_api_key(text) TO auth_app;
SET LOCAL ROLE auth_owner;
REVOKE CREATE ON SCHEMA auth FROM auth_lookup;
