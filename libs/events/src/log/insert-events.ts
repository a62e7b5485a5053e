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
  await sql`
    INSERT INTO ${tableOf[source]} (topic, key, id, type, version, source, subject, tenant_id, traceparent, correlation_id,
                                    causation_id, channels, test, data)
    SELECT r.topic, r.key, r.id, r.type, r.version, r.source, r.subject, r.tenant_id, r.traceparent, r.correlation_id,
           r.causation_id, r.channels, r.test, r.data
    FROM ROWS FROM (
      jsonb_to_recordset(${`[${rows.map(toText).join(',')}]`}::jsonb) AS (topic text, key text, id uuid, type text, version integer,
        source text, subject text, tenant_id uuid, traceparent text, correlation_id text, causation_id uuid, channels text[],
        test boolean, data jsonb)) WITH ORDINALITY AS r(topic, key, id, type, version, source, subject, tenant_id, traceparent,
        correlation_id, causation_id, channels, test, data, place)
    ORDER BY place`.execute(tx);
}

/** A row as JSON text, its payload as the object that it is, so that its text is neither escaped here nor parsed twice there. */
function toText({ data, ...rest }: EventRow): string {
  return `${JSON.stringify(rest).slice(0, -1)},"data":${data}}`;
}
