import { underLock } from '../advisory-lock.ts';
import { databaseOf, withDatabase } from '../connection-url.ts';
import { codeOf, refusal } from '../refusal.ts';
import { type AdminClient, withClient } from '../with-client.ts';
import { roleKinds, roleOf } from './service-roles.ts';

interface Login {
  readonly name: string;
  readonly mayCreateRoles: boolean;
  readonly mayCreateSchemas: boolean;
}

/**
 * Makes the five roles of a schema and lets the login of `url` take each (SET), without ever having its rights unasked
 * (INHERIT FALSE). What is already right is not touched. Roles belong to the whole server, so the lock is held in its
 * database `postgres`.
 *
 * Errors: a refusal that carries the SQL for an administrator, when the login may not do it itself (no CREATEROLE).
 */
export async function ensureRoles(url: string, schema: string): Promise<void> {
  await withClient(withDatabase(url, 'postgres'), (client) =>
    underLock(client, 'universal-api.roles', async () => {
      const login = await readLogin(client, databaseOf(url));
      const missing = await missingStatements(client, login, schema);
      if (missing.length === 0) return;
      if (!login.mayCreateRoles) throw askAdministrator(login, schema, missing);
      try {
        for (const statement of missing) await client.query(statement);
      } catch (error) {
        if (codeOf(error) !== '42501') throw error;
        throw askAdministrator(login, schema, missing, error);
      }
    }),
  );
}

async function readLogin(client: AdminClient, database: string): Promise<Login> {
  const { rows } = await client.query<Login>(
    `SELECT quote_ident(rolname) AS name, rolcreaterole OR rolsuper AS "mayCreateRoles",
            coalesce((SELECT has_database_privilege(oid, 'CREATE') FROM pg_database WHERE datname = $1), false) AS "mayCreateSchemas"
     FROM pg_roles WHERE rolname = session_user`,
    [database],
  );
  const [login] = rows;
  if (login === undefined) throw refusal('The login role of DATABASE_URL cannot be read.');
  return login;
}

/** The statements that stand between what is and what should be. */
async function missingStatements(client: AdminClient, login: Login, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string; exists: boolean; canSet: boolean; inherits: string[] }>(
    `SELECT name, role.oid IS NOT NULL AS exists,
            coalesce(bool_or(grants.set_option), false) AS "canSet",
            coalesce(array_agg(grants.grantor::regrole::text) FILTER (WHERE grants.inherit_option), '{}') AS inherits
     FROM unnest($1::text[]) WITH ORDINALITY AS wanted(name, place)
     LEFT JOIN pg_roles role ON role.rolname = name
     LEFT JOIN pg_auth_members grants ON grants.roleid = role.oid AND grants.member = session_user::regrole
     GROUP BY name, place, role.oid ORDER BY place`,
    [roleKinds.map((kind) => roleOf(schema, kind))],
  );
  return rows.flatMap(({ name, exists, canSet, inherits }) => [
    ...(exists ? [] : [`CREATE ROLE ${name} NOLOGIN NOINHERIT`]),
    ...inherits.map((grantor) => `REVOKE INHERIT OPTION FOR ${name} FROM ${login.name} GRANTED BY ${grantor}`),
    ...(canSet ? [] : [`GRANT ${name} TO ${login.name} WITH INHERIT FALSE, SET TRUE`]),
  ]);
}

function askAdministrator(login: Login, schema: string, statements: readonly string[], cause?: unknown) {
  const all = login.mayCreateSchemas
    ? statements
    : [...statements, `GRANT CREATE ON DATABASE <its database> TO ${login.name}`];
  return refusal(
    `The login role ${login.name} may not make the roles of schema ${schema}; give it CREATEROLE, or let an administrator run:\n` +
      all.map((statement) => `  ${statement};\n`).join(''),
    cause,
  );
}
