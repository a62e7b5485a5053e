import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { checkTenantTables } from '@universal-api/database/testing';
import { SearchCompletedSchema } from '@universal-api/protos/gen/uapi/events/v1/search_pb';
import {
  append,
  changed,
  createEventFixture,
  noise,
  settle,
  tenantA,
  tenantB,
  type EventFixture,
} from '../../test/event-fixture.ts';
import { defineEvent } from '../catalogue/define-event.ts';
import { readPayload } from '../payload.ts';
import { lockSubjects } from './lock-subject.ts';
import { readLog, startOfLog } from './read-log.ts';

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());

const topics = ['uapi.search.v1', 'uapi.video.v1'];
async function readAll() {
  await settle(fixture.ingest);
  return fixture.ingest.instance((tx) => readLog(tx, { source: 'log', after: startOfLog, topics, limit: 500 }));
}

describe('ok', () => {
  test('what was appended is read with everything that was said and stamped', async () => {
    const causationId = '0190a000-0000-7000-8000-0000000000cc';
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const id = await fixture.app.transaction(tenantA, (tx) =>
      append(tx, noise, {
        tenantId: tenantA,
        subject: 'vid_1',
        data: { searchId: 'srch_é"\\', intent: 'x', counts: { news: 3 }, ms: 7 },
        traceparent,
        correlationId: 'req_1',
        causationId,
        channels: ['video:1', 'a'],
        isTest: true,
      }),
    );
    const page = await readAll();
    const event = page.events.find((candidate) => candidate.id === id);
    expect(event).toEqual({
      id,
      type: 'probe.noise',
      version: 1,
      topic: 'uapi.video.v1',
      key: tenantA,
      source: 'urn:uapi:probe',
      subject: 'vid_1',
      time: expect.any(Date),
      tenantId: tenantA,
      position: expect.any(BigInt),
      traceparent,
      correlationId: 'req_1',
      causationId,
      channels: ['video:1', 'a'],
      isTest: true,
      data: {
        search_id: 'srch_é"\\',
        intent: 'x',
        categories: [],
        counts: { news: 3 },
        completeness: 0,
        degraded: [],
        ms: 7,
      },
    });
    if (!event) throw new Error('not read');
    expect(Math.abs(Date.now() - event.time.getTime())).toBeLessThan(60_000);
    expect(readPayload(noise, event)).toMatchObject({ searchId: 'srch_é"\\', ms: 7 });
    expect(() => readPayload(changed, event)).toThrow('is not probe.changed.v1');
  });

  test('an event of a transaction that is rolled back has never been', async () => {
    const work = fixture.app.transaction(tenantA, async (tx) => {
      await append(tx, noise, { tenantId: tenantA, subject: 'rolled-back', data: {} });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect((await readAll()).events.map(({ subject }) => subject)).not.toContain('rolled-back');
  });
});

describe('refused', () => {
  const tryAppend = (...words: Parameters<typeof append> extends [unknown, ...infer Rest] ? Rest : never) =>
    fixture.app.transaction(tenantA, (tx) => append(tx, ...words));

  test('an ordered type whose subject is not locked, or another one is', async () => {
    const event = { tenantId: tenantA, subject: 's', data: {} };
    await expect(tryAppend(changed, event)).rejects.toThrow('was not locked');
    const other = fixture.app.transaction(tenantA, async (tx) => {
      await lockSubjects(tx, ['t']);
      await append(tx, changed, event);
    });
    await expect(other).rejects.toThrow('was not locked');
    await expect(tryAppend(changed, { tenantId: tenantA, data: {} })).rejects.toThrow('needs a subject');
  });

  test('a payload over 256 KiB, and not one below', async () => {
    const categories = (bytes: number) => ({ categories: ['x'.repeat(bytes)] });
    await expect(tryAppend(noise, { tenantId: tenantA, data: categories(262_144) })).rejects.toThrow('262144 bytes');
    await expect(tryAppend(noise, { tenantId: tenantA, data: categories(261_000) })).resolves.toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });

  test.each([
    ['a wrong type', { ms: 'many' }],
    ['a number out of range', { ms: -1 }],
    ['a field it has not', { msec: 1 }],
    ['a number in a list of texts', { categories: [1] }],
  ])('data with %s', async (_what, data) => {
    await expect(tryAppend(noise, { tenantId: tenantA, data: data as never })).rejects.toThrow(
      'has data that is not uapi.events.v1.SearchCompleted',
    );
  });

  test.each([
    ['six', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['one with a space', ['a b']],
    ['an empty one', ['']],
  ])('channels: %s', (_what, channels) =>
    expect(tryAppend(noise, { tenantId: tenantA, data: {}, channels })).rejects.toThrow('channels'),
  );

  test('a type that the catalogue has not, and telemetry', async () => {
    const facts = { ...noise, messageSchema: SearchCompletedSchema };
    const unknown = defineEvent({ ...facts, name: 'probe.unknown' });
    await expect(tryAppend(unknown, { tenantId: tenantA, data: {} })).rejects.toThrow('not in the catalogue');
  });
});

describe('rights', () => {
  test('a producer may append for its own tenant, and can neither read, change nor take away', async () => {
    const foreign = fixture.app.transaction(tenantA, (tx) => append(tx, noise, { tenantId: tenantB, data: {} }));
    await expect(foreign).rejects.toThrow(/row-level security/);
    for (const statement of [
      sql`SELECT FROM events.log`,
      sql`UPDATE events.log SET test = true`,
      sql`DELETE FROM events.log`,
      sql`SELECT FROM events.telemetry`,
      sql`INSERT INTO events.telemetry (topic) VALUES ('x')`,
      sql`SELECT FROM events.cursors`,
      sql`SELECT FROM events.dead_letters`,
      sql`SELECT setval('events.log_position_seq', 1)`,
    ]) {
      await expect(fixture.app.transaction(tenantA, (tx) => statement.execute(tx))).rejects.toThrow(
        /permission denied/,
      );
    }
  });

  test('a consumer may not change or take away what happened', async () => {
    for (const statement of [
      sql`UPDATE events.log SET test = true`,
      sql`DELETE FROM events.log`,
      sql`DELETE FROM events.cursors`,
      sql`DELETE FROM events.dead_letters`,
    ]) {
      await expect(fixture.ingest.instance((tx) => statement.execute(tx))).rejects.toThrow(/permission denied/);
    }
  });

  test('nobody reaches a partition past its parent', async () => {
    const { rows } = await fixture.ingest.instance((tx) =>
      sql<{
        name: string;
      }>`SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
                            WHERE i.inhparent = 'events.log'::regclass LIMIT 1`.execute(tx),
    );
    const read = fixture.ingest.instance((tx) => sql`SELECT FROM ${sql.raw(rows[0]?.name ?? '')}`.execute(tx));
    await expect(read).rejects.toThrow(/permission denied/);
  });

  test('the catalogue has no complaint', async () => {
    expect(await checkTenantTables(fixture.test.url)).toEqual([]);
  });
});
