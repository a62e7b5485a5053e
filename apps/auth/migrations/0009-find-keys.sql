-- A key as it is found, with all that bounds it now: the state of its tenant and of its owner, whose role, and the limits
-- of key and tenant (platform.md 1.2, 1.4); and where a person belongs, with the limits of each tenant.

-- The former form is dropped by its owner, in the four steps of a look-up.
GRANT CREATE ON SCHEMA auth TO auth_lookup;
SET LOCAL ROLE auth_lookup;
DROP FUNCTION auth.find_api_key(text);
CREATE FUNCTION auth.find_api_key(wanted_id12 text)
  RETURNS TABLE (
    tenant_id uuid, key_id uuid, lineage_id uuid, owner uuid, mode text, mac bytea, pepper_v integer, scopes text[],
    ip_allow text[], limits jsonb, state text, expires_at timestamptz, overlap_until timestamptz,
    tenant_status text, plan text, credential_pool text,
    owner_status text, owner_role text, owner_operator boolean, read_at timestamptz)
  LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
  SET search_path = ''
  AS $$
    SELECT k.tenant_id, k.key_id, k.lineage_id, k.owner, k.mode, k.mac, k.pepper_v, k.scopes,
           k.ip_allow::pg_catalog.text[],
           coalesce((SELECT pg_catalog.jsonb_object_agg(o.policy, o.q) FROM auth.limit_overrides o
                     WHERE o.tenant_id = k.tenant_id), '{}'::pg_catalog.jsonb) || k.limits,
           k.state, k.expires_at, k.overlap_until, t.status, t.plan, t.credential_pool,
           u.status, m.role, coalesce(u.operator, false), pg_catalog.now()
    FROM auth.api_keys k
    JOIN auth.tenants t ON t.tenant_id = k.tenant_id
    LEFT JOIN auth.users u ON u.user_id = k.owner
    LEFT JOIN auth.memberships m ON m.tenant_id = k.tenant_id AND m.user_id = k.owner
    WHERE k.id12 = wanted_id12
    LIMIT 1
  $$;
REVOKE ALL ON FUNCTION auth.find_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.find_api_key(text) TO auth_app;
-- As before, and `limits` of the tenant by policy.
CREATE OR REPLACE FUNCTION auth.find_memberships(wanted uuid) RETURNS TABLE (memberships jsonb)
  LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
  SET search_path = ''
  AS $$
    SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
             'tenant_id', m.tenant_id, 'tenant_name', t.name, 'status', t.status, 'plan', t.plan,
             'credential_pool', t.credential_pool, 'role', m.role, 'joined_at', m.joined_at,
             'limits', coalesce((SELECT pg_catalog.jsonb_object_agg(o.policy, o.q) FROM auth.limit_overrides o
                                 WHERE o.tenant_id = m.tenant_id), '{}'::pg_catalog.jsonb))
             ORDER BY m.joined_at, m.tenant_id), '[]'::pg_catalog.jsonb)
    FROM auth.memberships m JOIN auth.tenants t ON t.tenant_id = m.tenant_id
    WHERE m.user_id = wanted
  $$;
SET LOCAL ROLE auth_owner;
REVOKE CREATE ON SCHEMA auth FROM auth_lookup;
