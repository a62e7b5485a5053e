import { AppError } from '@universal-api/errors';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Pool, types } from 'pg';
import { poolSizes } from './connection-budget.ts';
import { withSettings } from './connection-url.ts';
import { schemaOfRole } from './roles/service-roles.ts';
import { translateFailure } from './translate-failure.ts';

/** How a pool is opened. */
export interface DatabaseOptions {
  /** `DATABASE_URL`: a PostgreSQL URL whose login may take the role. */
  readonly url: string;
  /** `<service>_app`, `_ingest` or `_worker`: what each connection of the pool is from its first moment. */
  readonly role: string;
  /** Connections, at most; from `poolSizes`. */
  readonly poolSize?: number;
  /** Name in `pg_stat_activity`; absent: the role. */
  readonly applicationName?: string;
}

/**
 * A pool of one role on one schema. `Tables` is Kysely's map of table names to row types; names need no schema, since
 * the search path is the role's own. `bigint` columns are `bigint`, `timestamptz` is `Date`, `numeric` is a string.
 *
 * Errors of every method: `service_unavailable` while PostgreSQL is away, `deadline_exceeded` for a statement over 10 s.
 * An `AppError` thrown by `work` and any other error of PostgreSQL come out as they are, after the rollback.
 */
export interface Database<Tables> {
  /** One transaction that sees and writes rows of this tenant (a UUID) alone. */
  transaction<Result>(tenantId: string, work: (tx: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  /** One transaction that sees and writes rows of this user (a UUID) alone, in tables that hang on no tenant. */
  asUser<Result>(userId: string, work: (tx: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  /** One transaction without tenant, for instance tables and look-up functions; it sees no row of a tenant table. */
  instance<Result>(work: (tx: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  /** One real round trip. */
  ping(): Promise<void>;
  /** Ends the pool, once what runs has ended. */
  close(): Promise<void>;
}

const connectTimeoutMs = 2_000;
const statementTimeoutMs = 10_000;
/** Ours, for a server that does not even answer its own timeout; the connection is dropped then. */
const answerTimeoutMs = 11_000;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Opens a pool; it connects with the first call. The caller closes it. */
export function openDatabase<Tables>(options: DatabaseOptions): Database<Tables> {
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createPool(options, 'stores') }) });

  async function run<Result>(work: (tx: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    try {
      return await kysely.transaction().execute(work);
    } catch (error) {
      throw translateFailure(error);
    }
  }

  return {
    async transaction(tenantId, work) {
      if (!uuid.test(tenantId)) throw new AppError('internal', { internal: 'A tenant id is not a UUID.' });
      return run(async (tx) => {
        await sql`SELECT set_config('app.tenant_id', ${tenantId}, true)`.execute(tx);
        return work(tx);
      });
    },
    async asUser(userId, work) {
      return run(async (tx) => {
        await actAsUser(tx, userId);
        return work(tx);
      });
    },
    instance: run,
    async ping() {
      try {
        await sql`SELECT 1`.execute(kysely);
      } catch (error) {
        throw translateFailure(error);
      }
    },
    close: () => kysely.destroy(),
  };
}

/** From here on the transaction also sees and writes rows of this user (a UUID). */
export async function actAsUser<Tables>(tx: Transaction<Tables>, userId: string): Promise<void> {
  if (!uuid.test(userId)) throw new AppError('internal', { internal: 'A user id is not a UUID.' });
  await sql`SELECT set_config('app.user_id', ${userId}, true)`.execute(tx);
}

/** For stores: their schema and `public`, and values as `Database` says; for a library: its schema alone, values as `pg` says. */
export function createPool(options: DatabaseOptions, user: 'stores' | 'library'): Pool {
  const schema = schemaOfRole(options.role);
  const settings = { role: options.role, search_path: user === 'stores' ? `${schema},public` : schema };
  const pool = new Pool({
    connectionString: withSettings(options.url, settings),
    max: options.poolSize ?? poolSizes.app,
    application_name: options.applicationName ?? options.role,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    ...(user === 'stores' ? { types: { getTypeParser: typeParser } } : {}),
  });
  // Whoever waits on a broken connection gets the error of the query; without these listeners it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

const int8 = 20;

const typeParser: typeof types.getTypeParser = (id: number, format?: 'text' | 'binary') =>
  id === int8 && format !== 'binary' ? BigInt : types.getTypeParser(id, format);
