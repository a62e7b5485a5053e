import { sql, type Transaction } from '@universal-api/database';
import type { JsonObject } from '@universal-api/protos';
import type { Event } from '../event.ts';
import type { LogSource } from './insert-events.ts';

/** A place in the order of reading: the pair (xid, position), and the day it is on. Opaque outside this lib. */
export interface Cursor {
  /** Transaction id, decimal. */
  readonly xid: string;
  readonly position: bigint;
  /** `2026-11-24`, UTC; rows of the day before may still follow, since a transaction may be open over midnight. */
  readonly day: string;
}

/** Before everything. */
export const startOfLog: Cursor = { xid: '0', position: 0n, day: '-infinity' };

/** What is read. */
export interface PageRequest {
  readonly source: LogSource;
  /** The page begins behind it. */
  readonly after: Cursor;
  /** 8 at most. */
  readonly topics: readonly string[];
  /** 1 to 500. */
  readonly limit: number;
  /** Added to the clock of the database; for tests alone. */
  readonly clockOffsetMs?: number;
}

/** What was read. */
export interface Page {
  readonly events: readonly Event[];
  /** The payload of the event at this place of `events`, byte for byte as the log has it. */
  bytesOf(index: number): Uint8Array;
  /** Where to go on: behind the last event of a full page, at the horizon after a shorter one. */
  readonly next: Cursor;
  /** The oldest transaction that was open: nothing of it or after it was read. */
  readonly horizon: bigint;
  /** Whether that transaction was really open, and not only the next one to come. */
  readonly isHeld: boolean;
  /** Milliseconds from the last event's append to this reading; 0 for an empty page. */
  readonly lagMs: number;
}

interface Row {
  readonly xmin: string;
  readonly isHeld: boolean;
  readonly today: string;
  readonly now: Date;
  /** Null, as all that follow, when the page is empty. */
  readonly id: string | null;
  readonly xid: string;
  readonly day: string;
  readonly position: bigint;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly version: number;
  readonly source: string;
  readonly subject: string | null;
  readonly time: Date;
  readonly tenant_id: string;
  readonly traceparent: string | null;
  readonly correlation_id: string | null;
  readonly causation_id: string | null;
  readonly channels: string[];
  readonly test: boolean;
  readonly data: string;
}

/**
 * The next page of a source behind a cursor, by the reading rule of `webhooks.md` 4.2: in the order of (xid, position), and
 * only what is older than every open transaction, so that nothing can appear behind the cursor later. Touches as many rows of
 * the index as it gives back, and one more for each topic and day that has some, at most: none for a quiet topic, whatever
 * others write (decision 9). Needs the rights of a consumer and a transaction at READ COMMITTED.
 */
export async function readLog<Tables>(tx: Transaction<Tables>, request: PageRequest): Promise<Page> {
  const { rows } = await pageQuery(request).execute(tx);
  const [first] = rows;
  if (!first) throw new Error('A page has always a row with the horizon.');
  const found = rows.filter((row) => row.id !== null);
  const last = found.at(-1);
  const isFull = last !== undefined && found.length === request.limit;
  return {
    events: found.map(toEvent),
    bytesOf: (index) => Buffer.from(found[index]?.data ?? ''),
    next: isFull
      ? { xid: last.xid, position: last.position, day: last.day }
      : { xid: first.xmin, position: 0n, day: first.today },
    horizon: BigInt(first.xmin),
    isHeld: first.isHeld,
    lagMs: last ? Math.max(0, first.now.getTime() - last.time.getTime()) : 0,
  };
}

const functionOf = { log: sql`events.read_log`, telemetry: sql`events.read_telemetry` } as const;

/** Horizon and rows are of one snapshot, since the functions are stable. */
function pageQuery({ source, after, topics, limit, clockOffsetMs = 0 }: PageRequest) {
  return sql<Row>`
    WITH s AS (
      SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin, clock_timestamp() AS now,
             pg_snapshot_xmax(pg_current_snapshot()) > pg_snapshot_xmin(pg_current_snapshot()) AS "isHeld",
             ((clock_timestamp() + ${clockOffsetMs}::float8 * interval '1 ms') AT TIME ZONE 'utc')::date AS today)
    SELECT s.xmin::text, s."isHeld", s.now, s.today::text, l.*
    FROM s LEFT JOIN LATERAL (
      SELECT id, xid::text AS xid, day::text AS day, position, topic, key, type, version, source, subject, time, tenant_id,
             traceparent, correlation_id, causation_id, channels, test, data::text AS data
      FROM ${functionOf[source]}(${[...topics]}::text[], ${after.day}::date, ${after.xid}::xid8,
                                 ${after.position.toString()}::bigint, s.xmin, ${limit}::integer)) l ON true`;
}

function toEvent(row: Row): Event {
  return {
    id: row.id ?? '',
    type: row.type,
    version: row.version,
    topic: row.topic,
    key: row.key,
    source: row.source,
    time: row.time,
    tenantId: row.tenant_id,
    position: row.position,
    channels: row.channels,
    isTest: row.test,
    data: JSON.parse(row.data) as JsonObject,
    ...(row.subject !== null && { subject: row.subject }),
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
    ...(row.correlation_id !== null && { correlationId: row.correlation_id }),
    ...(row.causation_id !== null && { causationId: row.causation_id }),
  };
}
