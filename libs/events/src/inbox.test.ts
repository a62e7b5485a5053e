import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '@universal-api/ids';
import { readFileSync } from 'node:fs';
import { createEventFixture, tenantA, type EventFixture } from '../test/event-fixture.ts';
import type { Event } from './event.ts';
import { dayOfId, recordInInbox } from './inbox.ts';

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());

const event = (id = newId()): Event => ({
  id,
  type: 'probe.changed',
  version: 1,
  topic: 'uapi.search.v1',
  key: tenantA,
  source: 'urn:uapi:probe',
  time: new Date(),
  tenantId: tenantA,
  position: 1n,
  channels: [],
  isTest: false,
  data: {},
});
const record = (consumer: string, events: readonly Event[]) =>
  fixture.ingest.instance((tx) => recordInInbox(tx, consumer, events));

describe('the inbox', () => {
  test('gives back what it had not, in the order it came, and each consumer has its own', async () => {
    const [a, b, c] = [event(), event(), event()];
    expect(await record('one', [b, a])).toEqual([b, a]);
    expect(await record('one', [c, b, a])).toEqual([c]);
    expect(await record('two', [a, c])).toEqual([a, c]);
    expect(await record('one', [])).toEqual([]);
  });

  test('the same event twice in one batch is one', async () => {
    const twice = event();
    expect(await record('twice', [twice, twice])).toEqual([twice]);
  });

  test('what is rolled back was not received', async () => {
    const lost = event();
    const work = fixture.ingest.instance(async (tx) => {
      await recordInInbox(tx, 'rolled-back', [lost]);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await record('rolled-back', [lost])).toEqual([lost]);
  });

  test('the day is the one inside the id', () => {
    expect(dayOfId('01932f5c-8c00-7000-8000-000000000000')).toBe(new Date(0x01932f5c8c00).toISOString().slice(0, 10));
  });

  test('the schema of these tests has the inbox of the template, word for word', () => {
    const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
    expect(read('../test/fixtures/probe/0001-inbox.sql')).toBe(read('../templates/inbox.sql'));
  });
});
