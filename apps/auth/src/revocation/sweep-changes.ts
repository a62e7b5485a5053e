import { sql, type Database } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { Logger } from '@universal-api/logging';
import type { AuthTables } from '../store/auth-tables.ts';

/**
 * Clears away what is over: revocations older than an hour, gateways and log levels of long ago, kept answers older than a day.
 * On a pool of role `auth_worker`; any number of replicas may do it. Errors: those of `Database`.
 */
export async function sweepChanges(worker: Pick<Database<AuthTables>, 'instance'>): Promise<void> {
  await worker.instance(async (tx) => {
    // Together with the note of how far it went: who was told less has to begin anew.
    await sql`
      WITH gone AS (DELETE FROM revocations WHERE at < clock_timestamp() - interval '1 hour' RETURNING xid)
      UPDATE revocation_floor SET xid = greatest(xid, (SELECT max(xid) FROM gone))
      WHERE EXISTS (SELECT FROM gone)`.execute(tx);
    await sql`DELETE FROM gateways WHERE seen_at < clock_timestamp() - interval '1 hour'`.execute(tx);
    await sql`DELETE FROM runtime_settings WHERE until < clock_timestamp()`.execute(tx);
    await sql`DELETE FROM idempotency WHERE created_at < clock_timestamp() - interval '24 hours'`.execute(tx);
  });
}

/** What the sweeper works with. */
export interface ChangeSweeperParts {
  /** Pool of role `auth_worker`. */
  readonly worker: Pick<Database<AuthTables>, 'instance'>;
  readonly log: Pick<Logger, 'warn'>;
  /** Absent: a minute. */
  readonly everyMs?: number;
}

/** Sweeps every minute until it is closed; a turn that fails is logged, and the next one tries again. */
export function startChangeSweeper({ worker, log, everyMs = 60_000 }: ChangeSweeperParts): { close(): Promise<void> } {
  let turn: Promise<void> | undefined;
  const timer = setInterval(() => {
    turn ??= sweepChanges(worker)
      .catch((error: unknown) => {
        const isAway = AppError.is(error) && error.code === 'service_unavailable';
        if (!isAway) log.warn('what is over was not cleared away', { err: error });
      })
      .finally(() => (turn = undefined));
  }, everyMs).unref();
  return {
    async close() {
      clearInterval(timer);
      await turn;
    },
  };
}
