import { sql, type Transaction } from '@universal-api/database';

/** The two tables of events: facts, and telemetry that is kept for a day. */
export type LogSource = 'log' | 'telemetry';

/** A row to insert; the database gives it day, position, xid and, unless it is given, its time. */
export interface EventRow {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly version: number;
  readonly source: string;
  readonly subject?: string | undefined;
  readonly tenant_id: string;
  readonly traceparent?: string | undefined;
  readonly correlation_id?: string | undefined;
  readonly causation_id?: string | undefined;
  readonly channels: readonly string[];
  readonly test: boolean;
  /** JSON text of an object. */
  readonly data: string;
}

/** What of a row is not its payload. */
const columns = [
  ...['topic', 'key', 'id', 'type', 'version', 'source', 'subject', 'tenant_id', 'traceparent', 'correlation_id'],
  ...['causation_id', 'channels', 'test'],
];

/** The tables by source, as SQL. */
export const tableOf = { log: sql`events.log`, telemetry: sql`events.telemetry` } as const;

/**
 * Inserts all rows with one statement, in their order. Without RETURNING, which would need the right to read.
 * Errors: PostgreSQL's 42501 for a row of another tenant than the transaction's, or without the right.
 */
export async function insertEvents<Tables>(
  tx: Transaction<Tables>,
  source: LogSource,
  rows: readonly EventRow[],
): Promise<void> {
  if (rows.length === 0) return;
  // A list of names is cheaper than a copy of each row without its payload.
  const texts = JSON.stringify(rows, columns);
  // The payloads travel beside the rest, so that their text is parsed once.
  const payloads = rows.map(({ data }) => data);
  await sql`
    INSERT INTO ${tableOf[source]} (topic, key, id, type, version, source, subject, tenant_id, traceparent, correlation_id,
                                    causation_id, channels, test, data)
    SELECT r.topic, r.key, r.id, r.type, r.version, r.source, r.subject, r.tenant_id, r.traceparent, r.correlation_id,
           r.causation_id, r.channels, r.test, payload::jsonb
    FROM ROWS FROM (
      jsonb_to_recordset(${texts}::jsonb) AS (topic text, key text, id uuid, type text, version integer, source text, subject text,
        tenant_id uuid, traceparent text, correlation_id text, causation_id uuid, channels text[], test boolean),
      unnest(${payloads}::text[])) WITH ORDINALITY AS r(topic, key, id, type, version, source, subject, tenant_id, traceparent,
        correlation_id, causation_id, channels, test, payload, place)
    ORDER BY place`.execute(tx);
}
