import { withClient } from './with-client.ts';

/** Connections that one PostgreSQL of `standalone` may see at full load; a test counts them. */
export const connectionBudget = 80;

/** `max_connections` of the embedded server: the budget, and room for an administrator and for migrations. */
export const embeddedMaxConnections = 100;

/** Connections of each pool, by the kind of role that it has; the only place where such a number stands. */
export const poolSizes = {
  /** `<service>_app` in `standalone`. */
  app: 4,
  /** `<service>_ingest`, `gateway_ingest` included. */
  ingest: 2,
  /** `webhook_worker`. */
  worker: 4,
  /** `<service>_app` where a service runs alone; 2 of them are kept for health and the ledger. */
  alone: 10,
  /** The LISTEN connection of the event log, one per process. */
  listen: 1,
  /** `bullmq_app`, one pool per process that has no Redis; each worker of a queue adds one, which it keeps for LISTEN. */
  jobs: 4,
} as const;

/** Client connections that the server of this URL has now, over all its databases and logins, without the one that asks. */
export async function countConnections(url: string): Promise<number> {
  return withClient(url, async (client) => {
    // The server's own processes have no user; of other logins only the user can be seen, and that is enough.
    const { rows } = await client.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM pg_stat_activity
       WHERE usesysid IS NOT NULL AND pid <> pg_backend_pid() AND backend_type IS DISTINCT FROM 'parallel worker'`,
    );
    return rows[0]?.open ?? 0;
  });
}
