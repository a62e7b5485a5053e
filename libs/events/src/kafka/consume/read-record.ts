import type { KafkaMessage } from 'kafkajs';
import { createHash } from 'node:crypto';
import type { DeadLetter } from '../../dead-letter.ts';
import { reasonOf } from '../../dead-letter.ts';
import type { Event } from '../../event.ts';
import { type RawRecord, toEvent, toRawEnvelope } from '../cloud-event-headers.ts';

/** A record of a partition: read as an event, or with why it cannot be. */
export interface ReadRecord {
  readonly raw: RawRecord;
  readonly place: RecordPlace;
  readonly event?: Event;
  readonly error?: unknown;
}

/** Where a record is. */
export interface RecordPlace {
  /** Name on Kafka. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Milliseconds, by the broker or the producer. */
  readonly timestamp: string;
}

/** Reads a record of a topic of ours; never throws for what is in it. */
export function readRecord(topic: string, place: RecordPlace, { key, value, headers = {} }: KafkaMessage): ReadRecord {
  const raw: RawRecord = { topic, key, value, headers };
  try {
    return { raw, place, event: toEvent(raw) };
  } catch (error) {
    return { raw, place, error };
  }
}

/** The dead letter of a record. Its id is made of the place, so that a redelivery makes no second one. */
export function toDeadLetter(consumer: string, { raw, place }: ReadRecord, error: unknown): DeadLetter {
  const { topic, partition, offset, timestamp } = place;
  const envelope = toRawEnvelope(raw);
  const isKeyLost = raw.key !== null && envelope.key === null;
  return {
    id: idOfPlace([consumer, topic, partition, offset, timestamp].join('\n')),
    consumer,
    reason: reasonOf(error),
    envelope,
    origin: {
      source: 'kafka',
      topic,
      partition,
      offset,
      ...(isKeyLost && { key_base64: raw.key.toString('base64') }),
    },
    bytes: raw.value ?? Buffer.alloc(0),
    error,
  };
}

/** UUIDv8 of a text. */
function idOfPlace(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
