import { PoisonRecord } from '../dead-letter.ts';
import { type EventBus, maxBatchEvents, type RunningGroup, type Subscription } from '../event-bus.ts';
import type { Database } from '@universal-api/database';
import { type BatchOutcome, type BatchParts, runBatch, setAside } from './run-batch.ts';
import type { Wake } from './wake-on-notify.ts';
import type { LogSource } from './insert-events.ts';

/** What a group has to say, for metrics and logs. */
export type GroupReport =
  | {
      readonly kind: 'poll';
      readonly group: string;
      readonly read: number;
      readonly duplicates: number;
      /** From the append of the last event to its reading; 0 when nothing was read. */
      readonly lagMs: number;
      /** How long one transaction has held up the reading; an alarm from 10 s on. */
      readonly horizonAgeMs: number;
    }
  | { readonly kind: 'failed'; readonly group: string; readonly error: unknown; readonly isStorage: boolean }
  | { readonly kind: 'dead_letter'; readonly group: string; readonly eventId: string; readonly error: unknown };

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
const maxFailures = 5;
const recordRetryMs = 50;
const storageRetryMs = { first: 300, most: 30_000 };

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
    const waitMs = Math.min(storageRetryMs.first * 2 ** storageFailures++, storageRetryMs.most);
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
    if (failing.times < maxFailures && !(error instanceof PoisonRecord)) {
      return { waitMs: recordRetryMs * 2 ** failing.times, isBackingOff: true };
    }
    try {
      if (await setAside(parts, subscription, eventId, error)) report?.({ kind: 'dead_letter', group, eventId, error });
    } catch (storageError) {
      return waitForStorage(storageError);
    }
    return { waitMs: 0, isBackingOff: false };
  };

  return async () => {
    const startedAt = performance.now();
    const outcome = await runBatch(parts, subscription, limit);
    if (outcome.kind === 'elsewhere') return { waitMs: idleMs, isBackingOff: false };
    if (outcome.kind === 'failed' && outcome.isStorage) return waitForStorage(outcome.error);
    storageFailures = 0;
    return outcome.kind === 'done' ? afterDone(outcome, performance.now() - startedAt) : afterFailure(outcome);
  };
}

/** For how many milliseconds the same transaction has been the oldest open one. */
function createAge(): (heldBy: bigint | undefined) => number {
  let last: bigint | undefined;
  let since = 0;
  return (heldBy) => {
    const now = performance.now();
    if (heldBy === undefined || heldBy !== last) since = now;
    last = heldBy;
    return now - since;
  };
}

/** A wait that a hint ends, also one that came just before it began; says whether one did. */
function createPause() {
  let endWait: (() => void) | undefined;
  let isDeaf = false;
  let isRung = false;
  let isStopped = false;
  return {
    end() {
      isRung = true;
      if (!isDeaf) endWait?.();
    },
    async begin(ms: number, ignoresHints: boolean): Promise<boolean> {
      isDeaf = ignoresHints;
      if (!isStopped && (!isRung || ignoresHints)) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          endWait = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        endWait = undefined;
      }
      const wasRung = isRung;
      isRung = false;
      return wasRung;
    },
    stop() {
      isStopped = true;
      endWait?.();
    },
  };
}
