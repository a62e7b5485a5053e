import { Client, type ClientBase } from 'pg';
import { reasonOf, refusal } from './refusal.ts';

/** One connection outside any pool, for work on the database itself; text of one or more statements, or a query with values. */
export type AdminClient = Pick<ClientBase, 'query'>;

const connectTimeoutMs = 5_000;

/** Runs `work` on a connection of its own and closes it. Errors: a refusal (`service_unavailable`) when none is to be had. */
export async function withClient<Result>(url: string, work: (client: AdminClient) => Promise<Result>): Promise<Result> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'universal-api admin',
  });
  // A connection that breaks between two queries says so here; the next query says it again, where it can be handled.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw refusal(`PostgreSQL at ${placeOf(url)} cannot be used: ${reasonOf(error)}.`, error);
  }
  try {
    return await work(client);
  } finally {
    // The outcome of `work` stands; a connection that is already gone has nothing left to close.
    await client.end().catch(() => {});
  }
}

/** Runs `work` between BEGIN and COMMIT; any error rolls back and is thrown on. */
export async function inTransaction<Result>(client: AdminClient, work: () => Promise<Result>): Promise<Result> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // Where the connection is gone the server rolls back by itself.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Host, port and database of a URL, without its login. */
function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? `${hostname}:${port || '5432'}`}${pathname}`;
}
