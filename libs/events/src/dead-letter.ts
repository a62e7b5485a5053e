import { sql, type Transaction } from '@universal-api/database';
import { newId } from '@universal-api/ids';
import type { Event } from './event.ts';

/** Why a record could not be worked with (`webhooks.md` 5.5). */
export const deadLetterReasons = [
  'not_json',
  'no_ce_headers',
  'unknown_type',
  'schema_invalid',
  'unknown_tenant',
  'too_large',
  'too_old',
  'handler_error',
] as const;

/** One of those reasons. */
export type DeadLetterReason = (typeof deadLetterReasons)[number];

/** Thrown by a handler that knows at once that no repetition will help: the record is set aside without further tries. */
export class PoisonRecord extends Error {
  readonly reason: DeadLetterReason;

  constructor(reason: DeadLetterReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'PoisonRecord';
    this.reason = reason;
  }
}

/** A record to set aside. */
export interface DeadLetter {
  readonly consumer: string;
  readonly reason: DeadLetterReason;
  readonly event: Event;
  /** Where it was: the source and its place there. */
  readonly origin: Readonly<Record<string, string | number>>;
  /** The payload, byte for byte. */
  readonly bytes: Uint8Array;
  readonly error: unknown;
}

const errorTextMax = 4_000;

/** Writes the record to `events.dead_letters`, in the transaction that moves the consumer on. Needs the rights of a consumer. */
export async function writeDeadLetter<Tables>(tx: Transaction<Tables>, letter: DeadLetter): Promise<void> {
  const { consumer, reason, event, origin, bytes, error } = letter;
  await sql`
    INSERT INTO events.dead_letters (id, consumer, reason, origin, event_id, topic, key, headers, bytes, error)
    VALUES (${newId()}, ${consumer}, ${reason}, ${JSON.stringify(origin)}::jsonb, ${event.id}, ${event.topic}, ${event.key},
            ${JSON.stringify(headersOf(event))}::jsonb, ${Buffer.from(bytes)}, ${textOf(error).slice(0, errorTextMax)})`.execute(
    tx,
  );
}

/** The envelope in the spelling of CloudEvents' binary mode (`webhooks.md` 1); absent attributes are absent. */
export function headersOf(event: Event): Record<string, string> {
  const all: Record<string, string | undefined> = {
    ce_specversion: '1.0',
    ce_id: `evt_${event.id.replaceAll('-', '')}`,
    ce_type: `${event.type}.v${event.version}`,
    ce_source: event.source,
    ce_subject: event.subject,
    ce_time: event.time.toISOString(),
    ce_dataschema: `/schemas/events/${event.type}/v${event.version}.json`,
    ce_tenantid: event.tenantId,
    ce_partitionkey: event.key,
    ce_sequence: String(event.position).padStart(20, '0'),
    ce_traceparent: event.traceparent,
    ce_correlationid: event.correlationId,
    ce_causationid: event.causationId,
    ce_channels: event.channels.length > 0 ? event.channels.join(',') : undefined,
    ce_test: event.isTest ? 'true' : undefined,
    'content-type': 'application/json',
  };
  return Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function textOf(error: unknown): string {
  // PostgreSQL's text has no room for NUL.
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replaceAll('\0', '\uFFFD');
}
