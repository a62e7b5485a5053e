import { openDatabase, sql } from '@universal-api/database';
import type { PublishedEvents, SeenEvent } from './test-product.ts';

/** The events of a product without Kafka: its log and its telemetry, in PostgreSQL. */
export function openLoggedEvents(databaseUrl: string): PublishedEvents {
  const reader = openDatabase<unknown>({ url: databaseUrl, role: 'events_ingest', poolSize: 1 });
  return {
    read: () =>
      reader.instance(async (tx) => {
        const columns = sql`type, tenant_id AS tenant, subject, correlation_id AS correlation, traceparent, data`;
        const log = await sql<SeenEvent>`SELECT ${columns} FROM events.log ORDER BY xid, position`.execute(tx);
        const telemetry = await sql<SeenEvent>`SELECT ${columns} FROM events.telemetry ORDER BY position`.execute(tx);
        return [...log.rows, ...telemetry.rows];
      }),
    close: () => reader.close(),
  };
}
