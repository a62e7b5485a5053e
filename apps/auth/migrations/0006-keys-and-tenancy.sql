-- What keys and tenants have beside their rows of 0001 and 0003 (platform.md 1.1, 1.4, 1.8).

ALTER TABLE api_keys
  -- Words of its maker.
  ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  -- Taken from the list by its holder; such a key is revoked too.
  ADD COLUMN deleted_at timestamptz CHECK (deleted_at IS NULL OR state = 'revoked');
CREATE INDEX api_keys_of_owner ON api_keys (tenant_id, owner) WHERE owner IS NOT NULL;
CREATE INDEX api_keys_of_lineage ON api_keys (tenant_id, lineage_id);

CREATE TABLE invitations (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  inv_id     uuid NOT NULL,
  email      text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  role       text NOT NULL CHECK (role IN ('viewer', 'analyst', 'developer', 'admin', 'owner')),
  -- SHA-256 of the token in the link; the token itself is nowhere.
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  -- The person who invites, or who is behind the key that does; null: a tenant's own key.
  invited_by uuid,
  -- usr_… or key_…, as it is shown.
  made_by    text NOT NULL CHECK (length(made_by) <= 64),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, inv_id),
  -- One open invitation of an address.
  UNIQUE (tenant_id, email)
);

-- A tenant's own credentials for providers: written, used, never read by anybody outside.
CREATE TABLE provider_keys (
  tenant_id  uuid NOT NULL REFERENCES tenants,
  provider   text NOT NULL CHECK (provider ~ '^[a-z0-9_]{1,64}$'),
  -- Empty: the one that the provider has.
  variable   text NOT NULL CHECK (variable ~ '^([A-Z][A-Z0-9_]{0,63})?$'),
  -- v<n>.<base64url>, sealed under DATA_ENCRYPTION_KEY of version n.
  ciphertext text NOT NULL CHECK (ciphertext ~ '^v[0-9]+[.]'),
  -- Empty where four characters would say too much of a short one.
  last4      text NOT NULL CHECK (length(last4) IN (0, 4)),
  created_by text NOT NULL CHECK (length(created_by) <= 64),
  rotated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, provider)
);

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
ALTER TABLE provider_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY invitations_own ON invitations TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY provider_keys_own ON provider_keys TO auth_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY invitations_lookup ON invitations FOR SELECT TO auth_lookup USING (true);

GRANT SELECT, INSERT, DELETE ON invitations TO auth_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON provider_keys TO auth_app;
GRANT SELECT ON invitations TO auth_lookup;

-- Who is invited comes with the token alone.
GRANT CREATE ON SCHEMA auth TO auth_lookup;
SET LOCAL ROLE auth_lookup;
CREATE FUNCTION auth.find_invitation(wanted_hash bytea)
  RETURNS TABLE (tenant_id uuid, inv_id uuid, email text, role text, invited_by uuid, expires_at timestamptz,
    tenant_status text, read_at timestamptz)
  LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
  SET search_path = ''
  AS $$
    SELECT i.tenant_id, i.inv_id, i.email, i.role, i.invited_by, i.expires_at, t.status, pg_catalog.now()
    FROM auth.invitations i JOIN auth.tenants t ON t.tenant_id = i.tenant_id
    WHERE i.token_hash = wanted_hash
    LIMIT 1
  $$;
REVOKE ALL ON FUNCTION auth.find_invitation(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.find_invitation(bytea) TO auth_app;
SET LOCAL ROLE auth_owner;
REVOKE CREATE ON SCHEMA auth FROM auth_lookup;
