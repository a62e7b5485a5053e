import { underLock } from '../advisory-lock.ts';
import { withDatabase } from '../connection-url.ts';
import { withClient } from '../with-client.ts';

/** The login and the database that the product works with. */
export interface PreparedLogin {
  readonly login: string;
  /** Set anew on every call, so it may be a fresh random one per start. */
  readonly password: string;
  readonly database: string;
}

/**
 * For a server of our own: makes the login role (no superuser, no database of its own to make, CREATEROLE for its
 * migrations) and its database, or sets the password of the one that is there. Gives back its `DATABASE_URL`.
 */
export async function prepareDatabase(adminUrl: string, { login, password, database }: PreparedLogin): Promise<string> {
  await withClient(withDatabase(adminUrl, 'postgres'), (client) =>
    underLock(client, 'universal-api.roles', async () => {
      const { rows } = await client.query<{ role: string; setPassword: string; makeDatabase: string | null }>(
        `SELECT format(CASE WHEN to_regrole(quote_ident($1)) IS NULL THEN 'CREATE ROLE %I' END, $1) AS role,
                format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB CREATEROLE NOBYPASSRLS PASSWORD %L', $1::text, $2::text) AS "setPassword",
                CASE WHEN NOT EXISTS (SELECT FROM pg_database WHERE datname = $3)
                     THEN format('CREATE DATABASE %I OWNER %I', $3::text, $1::text) END AS "makeDatabase"`,
        [login, password, database],
      );
      for (const statement of [rows[0]?.role, rows[0]?.setPassword, rows[0]?.makeDatabase]) {
        if (statement) await client.query(statement);
      }
    }),
  );
  const url = new URL(withDatabase(adminUrl, database));
  url.username = encodeURIComponent(login);
  url.password = encodeURIComponent(password);
  return url.href;
}
