import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { createEventFixture, tenantA, type EventFixture } from '../test/event-fixture.ts';
import { writeDeadLetter, type DeadLetter } from './dead-letter.ts';
import type { Event } from './event.ts';
import { headersOf, toEnvelope } from './kafka/cloud-event-headers.ts';

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());

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
const letter = (overrides: Partial<DeadLetter> = {}): DeadLetter => ({
  consumer: 'probe',
  reason: 'schema_invalid',
  envelope: toEnvelope(event),
  origin: { source: 'log', position: '42' },
  bytes: Buffer.from('{}'),
  error: new TypeError('no'),
  ...overrides,
});
const stored = (consumer: string) =>
  fixture.ingest.instance(async (tx) => {
    const { rows } = await sql<{ bytes: Buffer; error: string; headers: unknown; state: string }>`
      SELECT bytes, error, headers, state FROM events.dead_letters WHERE consumer = ${consumer}`.execute(tx);
    return rows[0];
  });

describe('a dead letter', () => {
  test('has the bytes as they came, whatever they are, and the envelope', async () => {
    const bytes = Uint8Array.from([0, 255, 10, 0x7b, 0]);
    await fixture.ingest.instance((tx) => writeDeadLetter(tx, letter({ consumer: 'bytes', bytes })));
    const row = await stored('bytes');
    expect([...(row?.bytes ?? [])]).toEqual([...bytes]);
    expect(row).toMatchObject({ error: 'TypeError: no', state: 'open', headers: headersOf(event) });
  });

  test('bears any error text', async () => {
    const error = new Error(`\0 ${'é'.repeat(10_000)}`);
    await fixture.ingest.instance((tx) => writeDeadLetter(tx, letter({ consumer: 'text', error })));
    expect((await stored('text'))?.error).toHaveLength(4_000);
  });

  test('is not for producers to write', async () => {
    const write = fixture.app.transaction(tenantA, (tx) => writeDeadLetter(tx, letter()));
    await expect(write).rejects.toThrow(/permission denied/);
  });
});
