import type { JsonObject } from '@universal-api/protos';
import { type KeptHeader, PoisonRecord, type RecordEnvelope } from '../dead-letter.ts';
import { type Event, maxDataBytes } from '../event.ts';

/** Headers as kafkajs hands them over: one that comes twice is a list, one without value is null. */
export type RawHeaders = Readonly<Record<string, RawHeader | readonly RawHeader[]>>;

type RawHeader = Buffer | string | null | undefined;

/** A record of a topic, before anybody has looked at it. */
export interface RawRecord {
  /** By its name in the catalogue. */
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RawHeaders;
}

/** The envelope in the spelling of CloudEvents' binary mode (`webhooks.md` 1); absent attributes are absent. */
export function headersOf(event: Omit<Event, 'data'>): Record<string, string> {
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
    // Telemetry never was in the log, and has no place in it.
    ce_sequence: event.position > 0n ? String(event.position).padStart(20, '0') : undefined,
    ce_traceparent: event.traceparent,
    ce_correlationid: event.correlationId,
    ce_causationid: event.causationId,
    ce_channels: event.channels.length > 0 ? event.channels.join(',') : undefined,
    ce_test: event.isTest ? 'true' : undefined,
    'content-type': 'application/json',
  };
  return Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** What a dead letter keeps of an event beside its payload. */
export function toEnvelope(event: Event): RecordEnvelope {
  return { eventId: event.id, topic: event.topic, key: event.key, headers: headersOf(event) };
}

/** What a dead letter keeps of a record that may be anything. */
export function toRawEnvelope({ topic, key, headers }: RawRecord): RecordEnvelope {
  const kept: [string, KeptHeader][] = [];
  for (const [name, value] of Object.entries(headers)) {
    // PostgreSQL's JSON has no room for NUL, in names neither.
    kept.push([name.replaceAll('\0', '\uFFFD'), Array.isArray(value) ? value.map(keep) : keep(value as RawHeader)]);
  }
  return {
    eventId: idOf(asText(headers['ce_id']) ?? ''),
    topic,
    key: key && (toText(key) ?? null),
    headers: Object.fromEntries(kept),
  };
}

/** The headers of a kept envelope as they came. */
export function toRawHeaders(headers: RecordEnvelope['headers']): Record<string, Buffer | Buffer[]> {
  const restore = (value: string | { readonly base64: string }) =>
    typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.base64, 'base64');
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(restore) : restore(value as string | { readonly base64: string }),
    ]),
  );
}

function keep(value: RawHeader): string | { readonly base64: string } {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return keep(Buffer.from(value));
  return toText(value) ?? { base64: value.toString('base64') };
}

const strictText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 that PostgreSQL's text can hold, or undefined. */
function toText(bytes: Buffer): string | undefined {
  try {
    const text = strictText.decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    // Not UTF-8: whoever asks keeps the bytes instead.
    return undefined;
  }
}

function asText(value: RawHeaders[string]): string | undefined {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? toText(value) : undefined;
}

/** The log's text of a payload may be longer than what was appended, by blanks. */
const maxValueBytes = 2 * maxDataBytes;
const structured = /^application\/cloudevents/i;
const typePattern = /^([a-z0-9_]+(?:\.[a-z0-9_]+)+)\.v([1-9][0-9]{0,8})$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A record of a topic as an event, in binary or in structured mode; attributes that we do not know are passed over. Without
 * `ce_sequence` the position is 0. Errors: `PoisonRecord` `no_ce_headers`, `unknown_type`, `unknown_tenant`, `too_large`,
 * `not_json` or, for JSON that is no object, `schema_invalid`.
 */
export function toEvent(record: RawRecord): Event {
  const { topic, key, value, headers } = record;
  if (value && value.length > maxValueBytes) throw new PoisonRecord('too_large', `${value.length} bytes of data`);
  const isStructured = structured.test(asText(headers['content-type']) ?? '');
  const body = isStructured ? parseObject(value) : undefined;
  const attributeOf = (name: string) => {
    if (!body) return asText(headers[`ce_${name}`]);
    const found = body[name];
    if (typeof found === 'string' && found.includes('\0')) throw new PoisonRecord('no_ce_headers', `NUL in ${name}`);
    return typeof found === 'string' || typeof found === 'boolean' ? String(found) : undefined;
  };
  const envelope = toAttributes(attributeOf);
  return {
    ...envelope,
    topic,
    key: (key && toText(key)) || (attributeOf('partitionkey') ?? envelope.tenantId),
    data: body ? asObject(body['data']) : parseObject(value),
  };
}

function toAttributes(attributeOf: (name: string) => string | undefined): Omit<Event, 'topic' | 'key' | 'data'> {
  const need = (name: string) => {
    const text = attributeOf(name);
    if (text === undefined || text === '') throw new PoisonRecord('no_ce_headers', `no ce_${name}`);
    return text;
  };
  if (need('specversion') !== '1.0') throw new PoisonRecord('no_ce_headers', 'not CloudEvents 1.0');
  const id = idOf(need('id'));
  if (!id) throw new PoisonRecord('no_ce_headers', 'ce_id is not evt_ and 32 hexadecimal digits');
  const source = need('source');
  const type = typePattern.exec(need('type'));
  if (!type?.[1]) throw new PoisonRecord('unknown_type', 'ce_type is not dotted words and a version');
  const time = new Date(need('time'));
  if (Number.isNaN(time.getTime())) throw new PoisonRecord('no_ce_headers', 'ce_time is no time');
  const tenantId = need('tenantid');
  if (!uuid.test(tenantId)) throw new PoisonRecord('unknown_tenant', 'ce_tenantid is no UUID');
  const sequence = attributeOf('sequence') ?? '0';
  if (!/^[0-9]{1,20}$/.test(sequence)) throw new PoisonRecord('no_ce_headers', 'ce_sequence is no number');
  const channels = attributeOf('channels');
  const optional = {
    subject: attributeOf('subject'),
    traceparent: attributeOf('traceparent'),
    correlationId: attributeOf('correlationid'),
    causationId: attributeOf('causationid'),
  };
  return {
    id,
    type: type[1],
    version: Number(type[2]),
    source,
    time,
    tenantId,
    position: BigInt(sequence),
    channels: channels ? channels.split(',') : [],
    isTest: attributeOf('test') === 'true',
    ...Object.fromEntries(Object.entries(optional).filter(([, text]) => text !== undefined)),
  };
}

/** The UUID in `evt_` and 32 hexadecimal digits. */
function idOf(text: string): string | undefined {
  const [, ...parts] = /^evt_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(text) ?? [];
  return parts.length > 0 ? parts.join('-') : undefined;
}

function parseObject(value: Buffer | null): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(strictText.decode(value ?? Buffer.alloc(0)));
  } catch (cause) {
    throw new PoisonRecord('not_json', value ? 'the value is not JSON' : 'the value is null', cause);
  }
  return asObject(parsed);
}

function asObject(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new PoisonRecord('schema_invalid', 'the data is no object');
}
