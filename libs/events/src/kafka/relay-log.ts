import type { Database } from '@universal-api/database';
import type { Producer } from 'kafkajs';
import { topics } from '../catalogue/define-event.ts';
import { maxBatchEvents } from '../event-bus.ts';
import { createAge } from '../group/horizon-age.ts';
import { createPause } from '../group/pause.ts';
import { awayRetryMs } from '../group/storage-failure.ts';
import { within } from '../group/within.ts';
import { compareAndMoveCursor, type HeldCursor, isEmptyMoveDue, readCursor } from '../log/hold-cursor.ts';
import { type Page, readLog } from '../log/read-log.ts';
import type { Wake } from '../log/wake-on-notify.ts';
import { applyTopics, type TopicSettings } from './apply-topics.ts';
import type { KafkaClient } from './create-kafka-client.ts';
import { copyDeadLetters } from './relay/copy-dead-letters.ts';
import { holdLeadership, type Leadership } from './relay/hold-leadership.ts';
import type { RelayReport } from './relay/relay-report.ts';
import { sendPage } from './relay/send-page.ts';

/** Parts of the relay. */
export interface RelayParts {
  readonly client: KafkaClient;
  /** PostgreSQL, for the one connection that holds the lock. */
  readonly url: string;
  /** Pool of an `_ingest` role with the rights of a consumer (`grantEventRights`). */
  readonly database: Pick<Database<unknown>, 'instance'>;
  /** Hints; without them events wait for the poll. */
  readonly wake?: Pick<Wake, 'onRing'>;
  /** Says in the table of cursors who reads: host and pid. */
  readonly owner: string;
  /** Topics are made before the first event is sent; false: they are made by others (`KAFKA_CREATE_TOPICS`). */
  readonly topics?: TopicSettings | false;
  readonly report?: (report: RelayReport) => void;
  /** What every wait is multiplied with; for tests alone. */
  readonly waitFactor?: number;
}

/** A relay that runs. */
export interface RunningRelay {
  /** Ends once what is under way has ended, or after 5 s. */
  stop(): Promise<void>;
}

const busyMs = 200;
const idleMs = 1_000;
const seekMs = 1_000;
const cursor = { group: 'relay', source: 'log' } as const;
const relayed = topics.filter((topic) => topic !== 'uapi.telemetry.v1');

/**
 * Starts the relay of this process: of all that run, one reads the log and sends every event to Kafka, in the order of reading,
 * and moves the cursor of the group `relay` after the acknowledgement. Whatever fails is tried again, the same page, after 0.3
 * to 30 s; nothing is ever passed over. Dead letters are copied beside it.
 */
export function startRelay(parts: RelayParts): RunningRelay {
  const pause = createPause();
  const offRing = parts.wake?.onRing(pause.end);
  const factor = parts.waitFactor ?? 1;
  const report = parts.report ?? (() => {});
  let isStopped = false;
  let failures = 0;

  const fail = async (error: unknown, lagMs: number) => {
    const waitMs = Math.min(awayRetryMs.first * 2 ** failures++, awayRetryMs.most);
    report({ kind: 'failed', error, lagMs, waitMs });
    await pause.begin(waitMs * factor, true);
  };

  const lead = async (leadership: Leadership) => {
    report({ kind: 'leads', isLeader: true });
    const producer = parts.client.producer();
    const step = createStep(parts, producer, report);
    try {
      let isHinted = false;
      while (!isStopped) {
        await leadership.confirm();
        const outcome = await step();
        if (outcome.kind === 'lost') return;
        if (outcome.kind === 'failed') {
          await fail(outcome.error, outcome.lagMs);
          continue;
        }
        failures = 0;
        const { waitMs } = outcome;
        // What a hint tells of may still be behind the horizon: another look follows soon.
        const nextMs: number = isHinted ? Math.min(waitMs, busyMs) : waitMs;
        isHinted = !isStopped && nextMs > 0 && (await pause.begin(nextMs * factor, false));
      }
    } finally {
      report({ kind: 'leads', isLeader: false });
      // Nothing is in flight any more; a broker that is away has nothing to be told.
      await producer.disconnect().catch(() => {});
    }
  };

  const waitForTry = async () => {
    await pause.begin(seekMs * factor, true);
    return !isStopped;
  };
  const run = async () => {
    while (!isStopped) {
      try {
        await holdLeadership({ url: parts.url, group: cursor.group, waitForTry }, lead);
      } catch (error) {
        await fail(error, 0);
      }
    }
  };
  const running = run();
  return {
    async stop() {
      isStopped = true;
      offRing?.();
      pause.stop();
      // A page that a silent broker holds is sent again by the next leader.
      await within(stopMs, running);
    },
  };
}

/** What the page in flight gets to end when the relay stops. */
const stopMs = 5_000;

type StepOutcome =
  | { readonly kind: 'done'; readonly waitMs: number }
  /** Somebody else has moved the cursor. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly lagMs: number };

/** One page after the other. */
function createStep(
  parts: RelayParts,
  producer: Producer,
  report: (report: RelayReport) => void,
): () => Promise<StepOutcome> {
  const { client, database, owner } = parts;
  const ageOfHorizon = createAge();
  let isReady = false;
  let copyAfter = 0;
  let copyFailures = 0;

  const prepare = async () => {
    if (isReady) return;
    // The relay tries again by itself, and says each time that Kafka is away.
    if (parts.topics !== false) await applyTopics({ ...client, admin: () => client.admin('brief') }, parts.topics);
    await producer.connect();
    isReady = true;
  };

  // A letter that Kafka does not take must not hold up the log: copies have a back-off of their own.
  const copies = async () => {
    if (performance.now() < copyAfter) return;
    try {
      const count = await copyDeadLetters(database, client, producer);
      copyFailures = 0;
      if (count > 0) report({ kind: 'dead_letters', count });
    } catch (error) {
      const waitMs = Math.min(awayRetryMs.first * 2 ** copyFailures++, awayRetryMs.most);
      copyAfter = performance.now() + waitMs;
      report({ kind: 'failed', error, lagMs: 0, waitMs: 0 });
    }
  };

  const finish = async (held: HeldCursor, page: Page): Promise<StepOutcome> => {
    const { events, next } = page;
    if (events.length > 0 || isEmptyMoveDue(held)) {
      const isMoved = await database.instance((tx) => compareAndMoveCursor(tx, cursor, held.place, next, owner));
      if (!isMoved) return { kind: 'lost' };
    }
    const last = events.at(-1);
    const lagMs = last ? Math.max(0, Date.now() - last.time.getTime()) : 0;
    const horizonAgeMs = ageOfHorizon(page.isHeld ? page.horizon : undefined);
    report({ kind: 'sent', count: events.length, lagMs, horizonAgeMs });
    const isFull = events.length === maxBatchEvents;
    if (!isFull) await copies();
    return { kind: 'done', waitMs: isFull ? 0 : events.length > 0 ? busyMs : idleMs };
  };

  return async () => {
    let first: Date | undefined;
    try {
      const { held, page } = await database.instance(async (tx) => {
        const place = await readCursor(tx, cursor);
        const request = { source: cursor.source, after: place.place, topics: relayed, limit: maxBatchEvents };
        return { held: place, page: await readLog(tx, request) };
      });
      first = page.events[0]?.time;
      await prepare();
      await sendPage(client, producer, page);
      return await finish(held, page);
    } catch (error) {
      return { kind: 'failed', error, lagMs: first ? Math.max(0, Date.now() - first.getTime()) : 0 };
    }
  };
}
