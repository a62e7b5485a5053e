import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tenantA } from '../../test/event-fixture.ts';
import { type DeadLetterReason, PoisonRecord } from '../dead-letter.ts';
import type { Event } from '../event.ts';
import { headersOf, type RawRecord, toEnvelope, toEvent, toRawEnvelope, toRawHeaders } from './cloud-event-headers.ts';

const event: Event = {
  id: '01932f5c-8c00-7000-8000-000000000001',
  type: 'video.job.succeeded',
  version: 1,
  topic: 'uapi.video.v1',
  key: tenantA,
  source: 'urn:uapi:video',
  time: new Date('2026-11-24T10:00:00.123Z'),
  tenantId: tenantA,
  position: 42n,
  channels: [],
  isTest: false,
  data: {},
};

/** As kafkajs hands a record over. */
function toRecord(sent: Event, changes: Partial<RawRecord> = {}): RawRecord {
  const headers = Object.fromEntries(Object.entries(headersOf(sent)).map(([name, text]) => [name, Buffer.from(text)]));
  const value = Buffer.from(JSON.stringify(sent.data));
  return { topic: sent.topic, key: Buffer.from(sent.key), value, headers, ...changes };
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((one) => !one.includes('\0'));
const uuidText = fc.uuid({ version: 7 });
const anyEvent: fc.Arbitrary<Event> = fc
  .record(
    {
      id: uuidText,
      type: fc.stringMatching(/^[a-z0-9_]{1,9}(\.[a-z0-9_]{1,9}){1,3}$/),
      version: fc.integer({ min: 1, max: 999 }),
      topic: fc.constantFrom('uapi.search.v1', 'uapi.telemetry.v1'),
      key: uuidText,
      source: text,
      subject: text,
      time: fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
      tenantId: uuidText,
      position: fc.bigInt(0n, 2n ** 63n - 1n),
      traceparent: text,
      correlationId: text,
      causationId: uuidText,
      channels: fc.array(fc.stringMatching(/^[A-Za-z0-9_.:-]{1,20}$/), { maxLength: 5 }),
      isTest: fc.boolean(),
      data: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Event['data']>,
    },
    {
      requiredKeys: [
        ...(['id', 'type', 'version', 'topic', 'key', 'source', 'time', 'tenantId', 'position', 'channels'] as const),
        ...(['isTest', 'data'] as const),
      ],
    },
  )
  .map((one) => ({ ...one, data: JSON.parse(JSON.stringify(one.data)) as Event['data'] }));

describe('an event and its record', () => {
  test('are the same in both directions, whatever is in them', () => {
    fc.assert(fc.property(anyEvent, (sent) => expect(toEvent(toRecord(sent))).toEqual(sent)));
  });

  test('are the same in structured mode, however its content type is spelled', () => {
    fc.assert(
      fc.property(anyEvent, (sent) => {
        const attributes = Object.entries(headersOf(sent)).filter(([name]) => name.startsWith('ce_'));
        const body = {
          ...Object.fromEntries(attributes.map(([name, value]) => [name.slice(3), value])),
          data: sent.data,
        };
        const headers = { 'content-type': Buffer.from('Application/CloudEvents+json; charset=UTF-8') };
        expect(toEvent(toRecord(sent, { headers, value: Buffer.from(JSON.stringify(body)) }))).toEqual(sent);
      }),
    );
  });

  test('attributes and headers of others are passed over, and a record without key belongs to its tenant', () => {
    const { headers } = toRecord(event);
    const foreign = { ...headers, ce_other: Buffer.from('x'), other: Buffer.from([0xff]) };
    expect(toEvent(toRecord(event, { headers: foreign, key: null }))).toEqual(event);
  });
});

describe('a record that is no event', () => {
  const without = (name: string) => {
    const { [name]: _gone, ...headers } = toRecord(event).headers;
    return { headers };
  };
  const changed = (name: string, value: string | Buffer | Buffer[]) => ({
    headers: { ...toRecord(event).headers, [name]: value },
  });
  test.each<[string, DeadLetterReason, Partial<RawRecord>]>([
    ['no headers at all', 'no_ce_headers', { headers: {} }],
    ...['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_tenantid'].map(
      (name): [string, DeadLetterReason, Partial<RawRecord>] => [`without ${name}`, 'no_ce_headers', without(name)],
    ),
    ['another specversion', 'no_ce_headers', changed('ce_specversion', '0.3')],
    ['an id of another kind', 'no_ce_headers', changed('ce_id', 'abc')],
    ['an id that comes twice', 'no_ce_headers', changed('ce_id', [Buffer.from('a'), Buffer.from('b')])],
    ['a header that is not UTF-8', 'no_ce_headers', changed('ce_source', Buffer.from([0xff]))],
    ['a time that is none', 'no_ce_headers', changed('ce_time', 'yesterday')],
    ['a sequence that is none', 'no_ce_headers', changed('ce_sequence', '-1')],
    ['a type without version', 'unknown_type', changed('ce_type', 'video.job.succeeded')],
    ['a type of one word', 'unknown_type', changed('ce_type', 'video.v1')],
    ['a tenant that is no UUID', 'unknown_tenant', changed('ce_tenantid', 'sys')],
    ['no value', 'not_json', { value: null }],
    ['an empty value', 'not_json', { value: Buffer.alloc(0) }],
    ['bytes that are no text', 'not_json', { value: Buffer.from([0x7b, 0xff, 0x7d]) }],
    ['a list', 'schema_invalid', { value: Buffer.from('[]') }],
    ['null', 'schema_invalid', { value: Buffer.from('null') }],
    ['more than any log text can be', 'too_large', { value: Buffer.alloc(600_000, 0x20) }],
  ])('%s', (_what, reason, changes) => {
    const read = () => toEvent(toRecord(event, changes));
    expect(read).toThrow(PoisonRecord);
    expect(read).toThrow(expect.objectContaining({ reason }));
  });
});

test('an attribute with NUL in structured mode is refused, since no text of PostgreSQL can hold it', () => {
  const attributes = Object.entries(headersOf(event)).map(([name, value]) => [name.replace('ce_', ''), value]);
  const value = Buffer.from(JSON.stringify({ ...Object.fromEntries(attributes), subject: 'a\0b', data: {} }));
  const headers = { 'content-type': Buffer.from('application/cloudevents+json') };
  expect(() => toEvent(toRecord(event, { headers, value }))).toThrow(
    expect.objectContaining({ reason: 'no_ce_headers' }),
  );
});

describe('what a dead letter keeps', () => {
  test('of headers gives the same bytes back, text or not, once or twice', () => {
    const bytes = fc.uint8Array({ maxLength: 20 }).map((one) => Buffer.from(one));
    const anyHeaders = fc.dictionary(
      fc.stringMatching(/^[a-z_-]{1,9}$/),
      fc.oneof(bytes, fc.array(bytes, { minLength: 1 })),
    );
    fc.assert(
      fc.property(anyHeaders, (headers) => {
        const kept = toRawEnvelope({ topic: 't', key: null, value: null, headers }).headers;
        const stored = JSON.parse(JSON.stringify(kept)) as typeof kept;
        expect(JSON.stringify(stored)).not.toContain('\\u0000');
        expect({ ...toRawHeaders(stored) }).toEqual({ ...headers });
      }),
    );
  });

  test('of a header without value is an empty one, and of a name with NUL something that PostgreSQL can hold', () => {
    const headers = { empty: null, 'a\0b': Buffer.from('x') };
    const kept = toRawEnvelope({ topic: 't', key: null, value: null, headers }).headers;
    expect(kept).toEqual({ empty: '', 'a\uFFFDb': 'x' });
  });

  test('of an event and of its record is the same', () => {
    expect(toRawEnvelope(toRecord(event))).toEqual(toEnvelope(event));
  });
});

describe('headers', () => {
  test('are those of CloudEvents, and what is absent is absent', () => {
    expect(headersOf(event)).toEqual({
      ce_specversion: '1.0',
      ce_id: 'evt_01932f5c8c0070008000000000000001',
      ce_type: 'video.job.succeeded.v1',
      ce_source: 'urn:uapi:video',
      ce_time: '2026-11-24T10:00:00.123Z',
      ce_dataschema: '/schemas/events/video.job.succeeded/v1.json',
      ce_tenantid: tenantA,
      ce_partitionkey: tenantA,
      ce_sequence: '00000000000000000042',
      'content-type': 'application/json',
    });
    const full = {
      ...event,
      subject: 'vid_1',
      channels: ['a', 'b'],
      isTest: true,
      correlationId: 'r',
      causationId: 'c',
    };
    expect(headersOf({ ...full, traceparent: 't' })).toMatchObject({
      ce_subject: 'vid_1',
      ce_channels: 'a,b',
      ce_test: 'true',
      ce_correlationid: 'r',
      ce_causationid: 'c',
      ce_traceparent: 't',
    });
  });
});
