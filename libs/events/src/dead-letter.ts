import { sql, type Transaction } from '@universal-api/database';
import { newId } from '@universal-api/ids';

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

/** Why a record is set aside after this error. */
export function reasonOf(error: unknown): DeadLetterReason {
  return error instanceof PoisonRecord ? error.reason : 'handler_error';
}

/** A header as a dead letter keeps it: text, or base64 of bytes that are no text; several of one name as a list. */
export type KeptHeader = string | { readonly base64: string } | readonly (string | { readonly base64: string })[];

/** What of a record is not its payload. */
export interface RecordEnvelope {
  /** UUID; absent when the record said nothing readable of itself. */
  readonly eventId?: string | undefined;
  /** By its name in the catalogue. */
  readonly topic: string;
  /** Null when there was none, or when it is not text; then `origin` has it. */
  readonly key: string | null;
  readonly headers: Readonly<Record<string, KeptHeader>>;
}

/** A record to set aside. */
export interface DeadLetter {
  readonly consumer: string;
  readonly reason: DeadLetterReason;
  readonly envelope: RecordEnvelope;
  /** Where it was: the source and its place there. */
  readonly origin: Readonly<Record<string, string | number>>;
  /** The payload, byte for byte. */
  readonly bytes: Uint8Array;
  readonly error: unknown;
  /** UUID of the letter; a second one of the same id is not written. Absent: a new one. */
  readonly id?: string;
}

const errorTextMax = 4_000;

/**
 * Writes the record to `events.dead_letters`, in the transaction that moves the consumer on. Needs the rights of a consumer.
 * False when a letter of that id is there already.
 */
export async function writeDeadLetter<Tables>(tx: Transaction<Tables>, letter: DeadLetter): Promise<boolean> {
  const { consumer, reason, envelope, origin, bytes, error, id = newId() } = letter;
  const { rows } = await sql`
    INSERT INTO events.dead_letters (id, consumer, reason, origin, event_id, topic, key, headers, bytes, error)
    VALUES (${id}, ${consumer}, ${reason}, ${JSON.stringify(origin)}::jsonb, ${envelope.eventId ?? null}, ${envelope.topic},
            ${envelope.key}, ${JSON.stringify(envelope.headers)}::jsonb, ${Buffer.from(bytes)}, ${textOf(error).slice(0, errorTextMax)})
    ON CONFLICT (id) DO NOTHING RETURNING id`.execute(tx);
  return rows.length > 0;
}

function textOf(error: unknown): string {
  // PostgreSQL's text has no room for NUL.
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replaceAll('\0', '\uFFFD');
}
