import { PoisonRecord } from '../dead-letter.ts';
import { type EventBus, maxBatchEvents, type RunningGroup, type Subscription } from '../event-bus.ts';
import type { GroupReport } from '../group/group-report.ts';
import { awayRetryMs, isTooSlow, maxRecordFailures } from '../group/storage-failure.ts';
import type { Database } from '@universal-api/database';
import { createAge } from '../group/horizon-age.ts';
import { createPause } from '../group/pause.ts';
import { type BatchOutcome, type BatchParts, runBatch, setAside } from './run-batch.ts';
import type { Wake } from './wake-on-notify.ts';
import type { LogSource } from './insert-events.ts';

/** Parts of the bus. */
export interface LogEventBusParts<Tables> {
  /** Pool of the consuming schema's `_ingest`, with the rights of a consumer (`grantEventRights`) and an inbox. */
  readonly database: Pick<Database<Tables>, 'instance'>;
  /** Hints; without them events wait for the poll. */
  readonly wake?: Pick<Wake, 'onRing'>;
  /** Absent: the log. */
  readonly source?: LogSource;
  /** Says in the table of cursors who reads: host and pid. */
  readonly owner: string;
  readonly report?: (report: GroupReport) => void;
  /** What every wait is multiplied with; for tests alone. */
  readonly waitFactor?: number;
}

const busyMs = 200;
const idleMs = 1_000;
const longBatchMs = 1_000;
const recordRetryMs = 50;

/** The bus over the log of PostgreSQL, read directly. */
export function createLogEventBus<Tables>(parts: LogEventBusParts<Tables>): EventBus<Tables> {
  return { subscribe: (subscription) => startGroup(parts, subscription) };
}

function startGroup<Tables>(parts: LogEventBusParts<Tables>, subscription: Subscription<Tables>): RunningGroup {
  const pause = createPause();
  const offRing = parts.wake?.onRing(pause.end);
  const step = createStep({ source: 'log', ...parts }, subscription, parts.report);
  const factor = parts.waitFactor ?? 1;
  let isStopped = false;
  const run = async () => {
    let isHinted = false;
    while (!isStopped) {
      const { waitMs, isBackingOff } = await step();
      // What a hint tells of may still be behind the horizon: another look follows soon.
      const nextMs: number = isHinted && !isBackingOff ? Math.min(waitMs, busyMs) : waitMs;
      isHinted = !isStopped && nextMs > 0 && (await pause.begin(nextMs * factor, isBackingOff));
    }
  };
  const running = run();
  return {
    async stop() {
      isStopped = true;
      offRing?.();
      pause.stop();
      await running;
    },
  };
}

type Done = BatchOutcome & { readonly kind: 'done' };
type Failed = BatchOutcome & { readonly kind: 'failed' };

interface Step {
  readonly waitMs: number;
  /** A hint does not cut this wait. */
  readonly isBackingOff: boolean;
}

/** One batch after the other, with what the last ones taught: how large they may be, and which record fails. */
function createStep<Tables>(
  parts: BatchParts<Tables>,
  subscription: Subscription<Tables>,
  report: LogEventBusParts<Tables>['report'],
): () => Promise<Step> {
  const { group } = subscription;
  let limit = maxBatchEvents;
  let storageFailures = 0;
  let failing = { eventId: '', times: 0 };
  const ageOfHorizon = createAge();

  const waitForStorage = (error: unknown): Step => {
    report?.({ kind: 'failed', group, error, isStorage: true });
    const waitMs = Math.min(awayRetryMs.first * 2 ** storageFailures++, awayRetryMs.most);
    return { waitMs, isBackingOff: true };
  };

  const afterDone = ({ read, fresh, isFull, lagMs, heldBy }: Done, tookMs: number): Step => {
    if (tookMs > longBatchMs) limit = Math.max(1, Math.ceil(limit / 2));
    else if (isFull) limit = Math.min(maxBatchEvents, limit * 2);
    report?.({ kind: 'poll', group, read, duplicates: read - fresh, lagMs, horizonAgeMs: ageOfHorizon(heldBy) });
    return { waitMs: isFull ? 0 : read > 0 ? busyMs : idleMs, isBackingOff: false };
  };

  const afterFailure = async ({ error, events }: Failed): Promise<Step> => {
    report?.({ kind: 'failed', group, error, isStorage: false });
    limit = Math.ceil(events.length / 2);
    if (events.length > 1) return { waitMs: 0, isBackingOff: false };
    const eventId = events[0]?.id ?? '';
    failing = { eventId, times: failing.eventId === eventId ? failing.times + 1 : 1 };
    if (failing.times < maxRecordFailures && !(error instanceof PoisonRecord)) {
      return { waitMs: recordRetryMs * 2 ** failing.times, isBackingOff: true };
    }
    try {
      const reason = await setAside(parts, subscription, eventId, error);
      if (reason) report?.({ kind: 'dead_letter', group, eventId, reason, error });
    } catch (storageError) {
      return waitForStorage(storageError);
    }
    return { waitMs: 0, isBackingOff: false };
  };

  return async () => {
    const startedAt = performance.now();
    const outcome = await runBatch(parts, subscription, limit);
    if (outcome.kind === 'elsewhere') return { waitMs: idleMs, isBackingOff: false };
    if (outcome.kind === 'failed' && outcome.isStorage) {
      // The page itself may be what takes too long.
      const count = outcome.events.length || limit;
      if (isTooSlow(outcome.error)) limit = Math.ceil(count / 2);
      return waitForStorage(outcome.error);
    }
    storageFailures = 0;
    return outcome.kind === 'done' ? afterDone(outcome, performance.now() - startedAt) : afterFailure(outcome);
  };
}
