import { createHash, randomBytes } from 'node:crypto';
import { underLock } from '../advisory-lock.ts';
import { withDatabase } from '../connection-url.ts';
import { loadMigrations, type MigrationSet } from '../migrations/load-migrations.ts';
import { migrate } from '../migrations/migrate.ts';
import { type Database, openDatabase } from '../open-database.ts';
import { prepareDatabase } from '../roles/prepare-database.ts';
import { type AdminClient, withClient } from '../with-client.ts';
import { startTestCluster } from './test-cluster.ts';

/** What a test database is made of. */
export interface TestDatabaseOptions {
  readonly schemas: readonly MigrationSet[];
}

/** A database of one test file, with every migration applied and no row in it. */
export interface TestDatabase {
  /** Its `DATABASE_URL`, with the login that the product has. */
  readonly url: string;
  /** The superuser's URL of the same database, for set-up that no role of the product may do. */
  readonly adminUrl: string;
  /** A pool of a role; closed by `drop`. */
  database<Tables>(role: string): Database<Tables>;
  /** Closes the pools, drops the database, and stops the cluster if it was started for this database alone. */
  drop(): Promise<void>;
}

const login = 'uapi';

/**
 * Gives a test file a database of its own: a clone of a template, one per content of its migrations. The cluster is that of
 * `UAPI_TEST_POSTGRES` (see `startTestCluster`), or one that is started here and stopped by `drop`.
 */
export async function createTestDatabase({ schemas }: TestDatabaseOptions): Promise<TestDatabase> {
  const shared = process.env['UAPI_TEST_POSTGRES'];
  const cluster = shared ? { environment: shared, stop: async () => {} } : await startTestCluster();
  try {
    return await cloneTemplate(cluster, schemas);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function cloneTemplate(
  cluster: { environment: string; stop(): Promise<void> },
  schemas: readonly MigrationSet[],
): Promise<TestDatabase> {
  const server = withDatabase(cluster.environment, 'postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withClient(server, async (client) => {
    const template = await ensureTemplate(client, server, schemas);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${login}`);
  });
  const url = new URL(withDatabase(server, name));
  url.username = login;
  url.password = passwordOf(server);

  const open: { close(): Promise<void> }[] = [];
  return {
    url: url.href,
    adminUrl: withDatabase(server, name),
    database<Tables>(role: string) {
      const database = openDatabase<Tables>({ url: url.href, role });
      open.push(database);
      return database;
    },
    async drop() {
      await Promise.all(open.map((database) => database.close()));
      await withClient(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
      await cluster.stop();
    },
  };
}

/** Makes the template unless it is there; it gets its name once it is complete, so a killed run leaves none that is not. */
async function ensureTemplate(client: AdminClient, server: string, schemas: readonly MigrationSet[]): Promise<string> {
  const template = `template_${await hashOf(schemas)}`;
  return underLock(client, 'universal-api.test-templates', async () => {
    const { rows } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rows.length > 0) return template;
    const unfinished = `${template}_new`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    const url = await prepareDatabase(server, { login, password: passwordOf(server), database: unfinished });
    await migrate(url, schemas);
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
    return template;
  });
}

/** The same for every process of a run, since the login is one per cluster. */
function passwordOf(server: string): string {
  return createHash('sha256').update(new URL(server).password).digest('hex').slice(0, 32);
}

async function hashOf(schemas: readonly MigrationSet[]): Promise<string> {
  const hash = createHash('sha256');
  for (const set of schemas) {
    for (const { name, sha256 } of await loadMigrations(set)) hash.update(`${set.schema}/${name}:${sha256}\n`);
  }
  return hash.digest('hex').slice(0, 24);
}
