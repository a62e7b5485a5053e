import type { Database } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { Event, LogSource, Topic } from '@universal-api/events';
import { readLog, startOfLog, type Cursor, type Page } from '@universal-api/events/log';
import { setTimeout as wait } from 'node:timers/promises';
import { isMeant, type EventFilter } from './event-filter.ts';

/** What is followed, and how. */
export interface FollowOptions {
  readonly database: Pick<Database<unknown>, 'instance'>;
  readonly filter: EventFilter;
  /** Events from then on; absent: those that are written after the call. */
  readonly from?: Date;
  /** False: end when everything up to now was read. */
  readonly isFollowing: boolean;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Told, once per outage, that the database is away and waited for. */
  readonly onAway?: () => void;
  /** Between two looks that found nothing new, ms. */
  readonly pollMs?: number;
}

const pageSize = 500;
const retryMs = 1_000;
const telemetryTopic: Topic = 'uapi.telemetry.v1';

/**
 * Events of log and telemetry as they become readable, in the order of each; of the two what was written first comes first
 * within one look. Reads by the rule of the log, so nothing that was committed is left out; an outage of the database is
 * waited through, once reading has begun. Errors: those of the database.
 */
export async function* followEvents(options: FollowOptions): AsyncGenerator<Event> {
  const { filter, from, isFollowing, signal, pollMs = 250 } = options;
  const readers = await Promise.all(
    sourcesOf(filter.topics).map(async ({ source, topics }) => {
      const read = readerOf(options.database, source, topics);
      let after = from ? startOf(from) : (await read(startOfLog, 0)).next;
      return async () => {
        const page = await read(after, pageSize);
        after = page.next;
        return page.events;
      };
    }),
  );
  let isAway = false;
  while (!signal.aborted) {
    const pages = await Promise.all(readers.map((next) => next())).catch((error: unknown) => {
      if (!isFollowing || !AppError.is(error) || error.code !== 'service_unavailable') throw error;
      if (!isAway) options.onAway?.();
      isAway = true;
      return [];
    });
    if (pages.length > 0) isAway = false;
    const events = pages.flat().sort((a, b) => a.time.getTime() - b.time.getTime());
    yield* events.filter((event) => (!from || event.time >= from) && isMeant(filter, event));
    if (pages.some(({ length }) => length === pageSize)) continue;
    if (!isFollowing) return;
    await wait(isAway ? retryMs : pollMs, undefined, { signal }).catch(() => {});
  }
}

type Read = (after: Cursor, limit: number) => Promise<Page>;

function readerOf(database: FollowOptions['database'], source: LogSource, topics: readonly Topic[]): Read {
  return (after, limit) =>
    database.instance((tx) =>
      readLog(tx, { source, after, topics: limit > 0 ? topics : [], limit: Math.max(1, limit) }),
    );
}

/** Telemetry is in a table of its own; the log has everything else. */
function sourcesOf(topics: readonly Topic[]): { source: LogSource; topics: readonly Topic[] }[] {
  const domain = topics.filter((topic) => topic !== telemetryTopic);
  return [
    ...(domain.length > 0 ? [{ source: 'log' as const, topics: domain }] : []),
    ...(topics.includes(telemetryTopic) ? [{ source: 'telemetry' as const, topics: [telemetryTopic] }] : []),
  ];
}

/** Before everything that was written on that day, or later. */
function startOf(time: Date): Cursor {
  return { ...startOfLog, day: time.toISOString().slice(0, 10) };
}
