/** A rule of the data model, as a query on `pg_catalog` that gives back one `complaint` per place that breaks it. */
export interface TenantRule {
  readonly name: string;
  readonly sql: string;
}

/** Tables of ours with a `tenant_id`: the guarded ones, not their partitions, which are reached through them. */
const tenantTables = `
  SELECT c.oid, n.nspname AS schema, n.nspname || '.' || c.relname AS name, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
         a.attnum AS tenant
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition`;

/** How PostgreSQL prints `tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid`. */
const ownTenant = `'(tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid)'`;

/** Schemas that have roles of ours. */
const serviceRoles = `
  SELECT r.*, regexp_replace(r.rolname, '_(owner|app|ingest|worker|lookup)$', '') AS schema
  FROM pg_roles r JOIN pg_namespace n ON n.nspname = regexp_replace(r.rolname, '_(owner|app|ingest|worker|lookup)$', '')
  WHERE r.rolname ~ '_(owner|app|ingest|worker|lookup)$'`;

/** Policies that let a role of the product, or everybody, do something; each further one widens what is seen. */
const appPolicies = `
  SELECT t.name AS table, p.polname, p.polcmd, p.polroles,
         pg_get_expr(p.polqual, p.polrelid) AS "using", pg_get_expr(p.polwithcheck, p.polrelid) AS "check", app.oid AS app
  FROM (${tenantTables}) t
  LEFT JOIN pg_roles app ON app.rolname = t.schema || '_app'
  JOIN pg_policy p ON p.polrelid = t.oid AND p.polpermissive AND (app.oid = ANY (p.polroles) OR 0::oid = ANY (p.polroles))`;

/** All of `platform.md` 1.9 that the catalogue can tell. */
export const tenantRules: readonly TenantRule[] = [
  {
    // A table of `events` begins with the day instead: readers walk it in time, over all tenants (webhooks.md 4.1).
    name: 'tenant_id is the first column of the primary key',
    sql: `SELECT name || ': tenant_id is not the first column of the primary key' AS complaint
          FROM (${tenantTables}) t
          WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary AND i.indkey[0] = t.tenant)
            AND NOT (t.schema = 'events' AND t.relkind = 'p' AND EXISTS (
              SELECT FROM pg_index i JOIN pg_attribute day ON day.attrelid = t.oid AND day.attnum = i.indkey[0]
              WHERE i.indrelid = t.oid AND i.indisprimary AND day.attname = 'day'))`,
  },
  {
    name: 'row-level security is on, for the owner too',
    sql: `SELECT name || ': row-level security is not ' || CASE WHEN relrowsecurity THEN 'forced' ELSE 'enabled' END AS complaint
          FROM (${tenantTables}) t WHERE NOT (relrowsecurity AND relforcerowsecurity)`,
  },
  {
    name: 'the app role sees and writes rows of its tenant',
    sql: `SELECT name || ': no policy for ' || schema || '_app with USING and WITH CHECK on the tenant' AS complaint
          FROM (${tenantTables}) t
          WHERE NOT EXISTS (
            SELECT FROM (${appPolicies}) p
            WHERE p.table = t.name AND p.polroles = ARRAY[p.app] AND p.polcmd = '*' AND p."using" = ${ownTenant} AND p."check" = ${ownTenant})`,
  },
  {
    name: 'no other policy widens what the app role sees',
    sql: `SELECT p.table || ': policy ' || polname || ' lets the app role reach other tenants' AS complaint
          FROM (${appPolicies}) p
          WHERE coalesce(p."using", ${ownTenant}) <> ${ownTenant} OR coalesce(p."check", ${ownTenant}) <> ${ownTenant}`,
  },
  {
    name: 'the app role exists and does not own the table',
    sql: `SELECT name || ': ' || CASE WHEN app.oid IS NULL THEN 'there is no role ' ELSE 'it belongs to ' END || schema || '_app' AS complaint
          FROM (${tenantTables}) t LEFT JOIN pg_roles app ON app.rolname = t.schema || '_app'
          WHERE app.oid IS NULL OR app.oid = t.relowner`,
  },
  {
    name: 'no role of a schema may pass by row-level security, log in or make roles',
    sql: `SELECT rolname || ' has a right that no role of a schema may have' AS complaint
          FROM (${serviceRoles}) r WHERE rolbypassrls OR rolsuper OR rolcanlogin OR rolcreaterole OR rolcreatedb`,
  },
  {
    // But for the rights in `events`, which a service's role of the same kind has beside its own, without SET. Roles are the
    // cluster's, so that service need not have a schema here.
    name: 'a role is taken, never inherited',
    sql: `SELECT m.member::regrole || ' inherits ' || r.rolname AS complaint
          FROM (${serviceRoles}) r JOIN pg_auth_members m ON m.roleid = r.oid
          WHERE m.inherit_option
            AND NOT (r.rolname IN ('events_app', 'events_ingest') AND NOT m.set_option
                     AND EXISTS (SELECT FROM pg_roles taker WHERE taker.oid = m.member AND NOT taker.rolcanlogin
                                 AND right(taker.rolname, length(r.rolname) - length('events')) = right(r.rolname, length(r.rolname) - length('events'))))`,
  },
  {
    name: 'a function with the rights of its owner is a look-up with a fixed search path',
    sql: `SELECT f.oid::regprocedure || ': ' || CASE WHEN owner.rolname <> n.nspname || '_lookup' THEN 'SECURITY DEFINER, but not owned by the lookup role'
                 WHEN NOT f.prosecdef THEN 'a look-up that is not SECURITY DEFINER' ELSE 'no fixed search_path' END AS complaint
          FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace JOIN pg_roles owner ON owner.oid = f.proowner
          WHERE n.nspname IN (SELECT schema FROM (${serviceRoles}) r)
            AND (f.prosecdef OR owner.rolname = n.nspname || '_lookup')
            AND NOT (f.prosecdef AND owner.rolname = n.nspname || '_lookup'
                     AND EXISTS (SELECT FROM unnest(f.proconfig) setting WHERE setting LIKE 'search\\_path=%'))`,
  },
  {
    name: 'a look-up is for the app role alone',
    sql: `SELECT f.oid::regprocedure || ': may be executed by ' || CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE acl.grantee::regrole::text END AS complaint
          FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
          CROSS JOIN aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) acl
          WHERE f.prosecdef AND n.nspname IN (SELECT schema FROM (${serviceRoles}) r)
            AND acl.grantee <> f.proowner AND acl.grantee <> coalesce(to_regrole(n.nspname || '_app')::oid, f.proowner)`,
  },
  {
    name: 'a partition is reached through its parent alone',
    sql: `SELECT DISTINCT c.oid::regclass || ': a partition with grants of its own' AS complaint
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN aclexplode(c.relacl) acl
          WHERE c.relispartition AND n.nspname IN (SELECT schema FROM (${serviceRoles}) r) AND acl.grantee <> c.relowner`,
  },
];
