import type { Database } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { Logger } from '@universal-api/logging';
import type { EpochClock } from '@universal-api/principal';
import type { AuthTables } from '../store/auth-tables.ts';

/** So long a session that is over is kept, so that a late use of its tokens is still known for what it is, ms. */
const keepOverMs = 24 * 3_600_000;
/** Rows of one turn; what is left waits for the next. */
const batch = 1_000;

/**
 * Wipes the answers whose replay is over, and forgets sessions and second steps that ended a day ago. On a pool of role
 * `auth_worker`; any number of replicas may do it. Errors: those of `Database`.
 */
export async function sweepSessions(worker: Database<AuthTables>, nowMs: number): Promise<void> {
  const now = new Date(nowMs);
  const longAgo = new Date(nowMs - keepOverMs);
  await worker.instance(async (tx) => {
    await tx
      .updateTable('refresh_tokens')
      .set({ replay_blob: null })
      .where('replay_blob', 'is not', null)
      .where('replay_until', '<=', now)
      .execute();
    const over = tx
      .selectFrom('sessions')
      .select('session_id')
      .where('absolute_until', '<', longAgo)
      .limit(batch)
      .forUpdate()
      .skipLocked();
    await tx.deleteFrom('sessions').where('session_id', 'in', over).execute();
    await tx.deleteFrom('mfa_tokens').where('expires_at', '<', longAgo).execute();
  });
}

/** What the sweeper works with. */
export interface SessionSweeperParts {
  /** Pool of role `auth_worker`. */
  readonly worker: Database<AuthTables>;
  readonly clock: EpochClock;
  readonly log: Logger;
  /** Time between two turns, ms. */
  readonly everyMs: number;
}

/** Sweeps now and then until it is closed; a turn that fails is logged, and the next one tries again. */
export function startSessionSweeper({ worker, clock, log, everyMs }: SessionSweeperParts): {
  close(): Promise<void>;
} {
  let turn: Promise<void> = Promise.resolve();
  let isBusy = false;
  const sweep = async () => {
    isBusy = true;
    try {
      await sweepSessions(worker, clock());
    } catch (error) {
      if (!AppError.is(error) || error.code !== 'service_unavailable') log.warn('sessions not swept', { err: error });
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => {
    if (!isBusy) turn = sweep();
  }, everyMs).unref();
  return {
    close() {
      clearInterval(timer);
      return turn;
    },
  };
}
