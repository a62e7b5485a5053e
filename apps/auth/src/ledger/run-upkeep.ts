import { sql, type Database } from '@universal-api/database';
import type { Append } from '@universal-api/events';
import type { Closable, Host } from '@universal-api/service';
import type { AuthTables } from '../store/auth-tables.ts';
import { forgetRefusals } from '../usage/note-refusals.ts';
import { tellUntold } from '../usage/tell-untold.ts';
import { findBrokenAccounts } from './check-invariant.ts';
import type { Ledger } from './create-ledger.ts';

/** What upkeep works with. */
export interface UpkeepParts {
  readonly ledger: Pick<Ledger, 'expireDue'>;
  readonly database: Database<AuthTables>;
  /** Pool of `auth_worker`. */
  readonly worker: Database<AuthTables>;
  readonly append: Append;
  readonly host: Pick<Host, 'log' | 'metrics'>;
}

const sweepEveryMs = 5_000;
const checkEveryMs = 3_600_000;
/** Reservations of one sweep, at most; the others come with the next. */
const mostExpired = 500;

/**
 * What the ledger needs from time to time, in every replica, since each step does what is left to do: ends reservations whose time
 * has run out, tells of late refusals, adds up all accounts once an hour, forgets old refusals and leases.
 */
export function runUpkeep(parts: UpkeepParts): Closable {
  const steps = upkeepSteps(parts);
  const log = parts.host.log.part('ledger');
  const loops = [
    startLoop(steps.sweep, sweepEveryMs, (error) => log.warn('the ledger could not be swept', { err: error })),
    startLoop(steps.check, checkEveryMs, (error) => log.warn('the ledger could not be added up', { err: error })),
  ];
  return {
    async close() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** The steps by themselves. */
export function upkeepSteps({ ledger, database, worker, append, host }: UpkeepParts) {
  const log = host.log.part('ledger');
  const broken = host.metrics.gauge('uapi_ledger_broken_accounts', 'Accounts whose sums disagree with their bookings.');
  const expired = host.metrics.counter('uapi_ledger_expired_total', 'Reservations that ran out.');
  broken.set(0);
  expired.inc(0);
  return {
    async sweep(): Promise<void> {
      expired.inc(await ledger.expireDue(mostExpired));
      await tellUntold({ database, worker }, append);
    },
    async check(): Promise<void> {
      const found = await findBrokenAccounts(worker);
      broken.set(found.length);
      if (found.length > 0) {
        log.error('accounts of the ledger disagree with their bookings', {
          count: found.length,
          names: found.slice(0, 10).map(({ accountId }) => accountId),
        });
      }
      await worker.instance(async (tx) => {
        await forgetRefusals(tx);
        await sql`DELETE FROM quota_leases WHERE until < now() - interval '2 days'`.execute(tx);
      });
    },
  };
}

/** Runs a step again and again, each time so long after the last has ended; what fails is told and done again. */
function startLoop(step: () => Promise<void>, everyMs: number, onFailed: (error: unknown) => void) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  const next = () => {
    if (isStopped) return;
    timer = setTimeout(() => {
      running = step().catch(onFailed).then(next);
    }, everyMs);
    timer.unref();
  };
  next();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
