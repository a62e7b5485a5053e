import { openDatabase, poolSizes } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { newId } from '@universal-api/ids';
import type { Logger } from '@universal-api/logging';
import type { DescMessage } from '@universal-api/protos';
import type { Metrics } from '@universal-api/telemetry';
import type { EventDefinition } from './catalogue/define-event.ts';
import { within } from './group/within.ts';
import { toEventRow, type NewEvent } from './log/append-event.ts';
import { createSampledWriter } from './payload-writer.ts';
import { insertEvents, type EventRow, type LogSource } from './log/insert-events.ts';
import { createBatchBuffer } from './telemetry-buffer.ts';

/** Where batches of a publisher go. */
export interface EventSink {
  /** Writes all of them or rejects; what was rejected is written again. */
  write(rows: readonly EventRow[]): Promise<void>;
  /** Whether what was refused would be refused for ever. */
  isAboutContent(error: unknown): boolean;
  close(): Promise<void>;
}

/** Where events go: to the table of their source, or elsewhere. */
export type PublisherTarget =
  | {
      /** PostgreSQL, with the schema of events migrated. */
      readonly databaseUrl: string;
      /** Role that may insert events of every tenant: `gateway_ingest`. */
      readonly role: string;
      readonly sink?: undefined;
    }
  /** For telemetry where there is Kafka: `createKafkaSink`. */
  | { readonly sink: EventSink };

/** Where a publisher writes, and for whom. */
export type PublisherSettings = PublisherTarget & {
  /** `telemetry` for types of that durability, `log` for `buffered` ones. */
  readonly source: LogSource;
  /** Service that owns the facts: `gateway`. */
  readonly service: string;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly createId?: () => string;
  /** Share of the payloads that are checked against their message, 0..1; absent: one in a hundred. Tests check all. */
  readonly checkedShare?: number;
};

/** What a sink gets to say goodbye, ms. */
const sinkCloseMs = 2_000;

/** A fault of a producer shows soon at this rate, and costs its requests nothing. */
const checkedShare = 0.01;

/** Tells of events that have no change to be atomic with. */
export interface EventPublisher {
  /**
   * Takes an event, to be written within the time of its buffer. False when it is lost: the buffer is full, the payload is
   * not of its message, or the type is of another durability; counted and, if it is our fault, logged. Never throws or waits.
   */
  publish<Schema extends DescMessage>(type: EventDefinition<Schema>, event: NewEvent<Schema>): boolean;
  /** Events that are not yet written. */
  waiting(): number;
  /** Writes what is there. */
  flush(): Promise<void>;
  /** Writes what is there, then closes the sink; what is not taken in a few tries and within 5 s is lost and counted. */
  close(): Promise<void>;
}

/** Bounds of the two buffers: platform.md 4.1 and webhooks.md 2. */
const bounds = {
  telemetry: {
    limits: { capacity: 20_000, batchSize: 500, waitMs: 100 },
    durability: 'telemetry',
    dropped: 'uapi_telemetry_dropped_total',
    help: 'Telemetry events that were lost.',
  },
  log: {
    limits: { capacity: 20_000, batchSize: 200, waitMs: 50 },
    durability: 'buffered',
    dropped: 'uapi_events_buffer_dropped_total',
    help: 'Buffered domain events that were lost.',
  },
} as const;

/**
 * Opens a publisher over a bounded buffer. While PostgreSQL (or the sink that was handed in) is away events are kept until the
 * buffer is full; beyond that the newest are dropped and counted. Connects with the first batch. An insert whose answer was lost is made again, so an event may be there twice, under one id.
 */
export function openEventPublisher(settings: PublisherSettings): EventPublisher {
  const { source, service, metrics, log, createId = newId } = settings;
  const writePayload = createSampledWriter(settings.checkedShare ?? checkedShare);
  const { limits, durability, dropped, help } = bounds[source];
  const lost = metrics.counter(dropped, help);
  lost.inc(0);
  const sink = settings.sink ?? openTableSink(settings, `${service}_${source}`);

  /** What is refused for its content would be refused for ever: it is found by halving, and given up alone. */
  async function write(rows: readonly EventRow[]): Promise<void> {
    try {
      await sink.write(rows);
    } catch (error) {
      if (!sink.isAboutContent(error)) throw error;
      const [row] = rows;
      if (rows.length === 1) {
        lost.inc();
        log.error('an event was refused', { operation: row?.type, err: error });
        return;
      }
      const half = rows.length >> 1;
      await write(rows.slice(0, half));
      await write(rows.slice(half));
    }
  }

  const buffer = createBatchBuffer<EventRow>({
    ...limits,
    write,
    onDropped: (count) => lost.inc(count),
    onFailed: (error, times) => {
      // One line per outage: the next ones would say the same.
      if (times === 1) log.warn('events wait to be written', { part: source, err: error });
    },
  });

  return {
    publish(type, event) {
      try {
        if (type.durability !== durability)
          throw new AppError('internal', { internal: `Not of durability ${durability}.` });
        return buffer.add(toEventRow(type, event, { service, createId, write: writePayload }));
      } catch (error) {
        // A fault of the producer's must not end the request that it tells of.
        lost.inc();
        log.error('an event could not be written', { operation: type.name, err: error });
        return false;
      }
    },
    waiting: buffer.size,
    flush: buffer.flush,
    async close() {
      await buffer.close();
      await within(sinkCloseMs, sink.close());
    },
  };
}

/** One multi-row insert per batch, by a pool of two connections. */
function openTableSink(
  { databaseUrl, role, source }: PublisherSettings & { readonly databaseUrl: string; readonly role: string },
  applicationName: string,
): EventSink {
  const database = openDatabase<unknown>({ url: databaseUrl, role, poolSize: poolSizes.ingest, applicationName });
  return {
    write: (rows) => database.instance((tx) => insertEvents(tx, source, rows)),
    isAboutContent,
    close: () => database.close(),
  };
}

/** SQLSTATE classes 22 (data) and 23 (constraints); a missing partition is 23514 as well, but names no constraint. */
function isAboutContent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  const code = String(error.code);
  if (code === '23514') return 'constraint' in error && error.constraint !== undefined;
  return code.startsWith('22') || code.startsWith('23');
}
