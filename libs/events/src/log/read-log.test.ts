import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AdminClient, type Database, sql, withClient } from '@universal-api/database';
import { countRowsRead } from '../../test/count-rows-read.ts';
import { createEventFixture, settle, tenantA, type EventFixture } from '../../test/event-fixture.ts';
import { planInterleaving, withPlayer } from '../../test/interleave.ts';
import { eventTables, keepPartitions } from './keep-partitions.ts';
import { readLog, startOfLog, type Cursor } from './read-log.ts';

let fixture: EventFixture;
let reader: Database<unknown>;
beforeAll(async () => {
  fixture = await createEventFixture();
  reader = fixture.ingest;
}, 30_000);
afterAll(() => fixture.test.drop());

const topics = ['uapi.search.v1'];
const read = (after: Cursor, limit = 500, by: Pick<Database<unknown>, 'instance'> = reader, of = topics) =>
  by.instance((tx) => readLog(tx, { source: 'log', after, topics: of, limit }));
/** The place behind everything there is. */
async function end(): Promise<Cursor> {
  await settle(reader);
  return (await readOn(startOfLog, 500)).next;
}
const subjectsOf = ({ events }: { events: readonly { subject?: string }[] }) => events.map(({ subject }) => subject);

/** Reads on until nothing follows. */
async function readOn(after: Cursor, limit: number) {
  const subjects: (string | undefined)[] = [];
  for (let place = after; ;) {
    const page = await read(place, limit);
    subjects.push(...subjectsOf(page));
    if (page.events.length < limit) return { subjects, next: page.next };
    place = page.next;
  }
}

/** The first page that is not empty: others of the cluster may hold the horizon for a moment. */
async function untilRead(after: Cursor) {
  for (const until = Date.now() + 20_000; ;) {
    const page = await read(after);
    if (page.events.length > 0 || Date.now() > until) return page;
  }
}

/** A connection with a transaction of its own, which the test commits when it likes. */
async function withWriter<Result>(work: (client: AdminClient) => Promise<Result>): Promise<Result> {
  return withClient(fixture.test.url, async (client) => {
    await client.query(`SET ROLE events_ingest`);
    return work(client);
  });
}

const insert = (client: AdminClient, subject: string) =>
  client.query(
    `INSERT INTO events.log (topic, key, id, type, version, source, subject, tenant_id, data)
     VALUES ('uapi.search.v1', '', gen_random_uuid(), 'probe.changed', 1, '', $1, gen_random_uuid(), '{}')`,
    [subject],
  );

describe('a slow transaction', () => {
  test('that has the lower position and commits last is read after all that waited for it, and none is skipped', async () => {
    const start = await end();
    await withWriter((slow) =>
      withWriter(async (fast) => {
        await slow.query('BEGIN');
        await insert(slow, 'slow');
        await fast.query('BEGIN');
        await insert(fast, 'fast');
        await fast.query('COMMIT');
        const early = await read(start);
        expect(subjectsOf(early)).toEqual([]);
        await slow.query('COMMIT');
        await settle(reader);
        const late = await read(early.next);
        expect(subjectsOf(late)).toEqual(['slow', 'fast']);
      }),
    );
  });

  test('that is older but takes the higher position does not make a lower one disappear', async () => {
    const start = await end();
    await withWriter((older) =>
      withWriter(async (younger) => {
        await older.query('BEGIN');
        await older.query('SELECT pg_current_xact_id()');
        await younger.query('BEGIN');
        await insert(younger, 'lower');
        await insert(older, 'higher');
        await older.query('COMMIT');
        // A cursor of positions alone would now stand behind `higher`, and so behind `lower`, which is still open.
        const first = await untilRead(start);
        expect(subjectsOf(first)).toEqual(['higher']);
        await younger.query('COMMIT');
        await settle(reader);
        expect(subjectsOf(await read(first.next))).toEqual(['lower']);
      }),
    );
  });

  test('300 random interleavings of four writers and a reader: everything committed is read once, all else never', async () => {
    await withPlayer(fixture.test.url, reader, async (player) => {
      await player.play({ moves: [] });
      for (let seed = 1; seed <= 300; seed++) {
        const { seen, committed, inversions } = await player.play(planInterleaving(seed));
        expect({ seed, seen, inversions }).toEqual({ seed, seen: committed, inversions: 0 });
      }
    });
  }, 120_000);
});

describe('pages', () => {
  test('of any size give the same events in the same order', async () => {
    const start = await end();
    for (let n = 0; n < 20; n++) await fixture.write(`page-${n}`, n);
    await settle(reader);
    const whole = await readOn(start, 500);
    expect(whole.subjects).toEqual(Array.from({ length: 20 }, (_, n) => `page-${n}`));
    for (const limit of [1, 3, 20]) expect((await readOn(start, limit)).subjects).toEqual(whole.subjects);
  });

  test('many events of one transaction are cut between pages without loss', async () => {
    const start = await end();
    await withWriter(async (client) => {
      await client.query('BEGIN');
      for (let n = 0; n < 7; n++) await insert(client, `bulk-${n}`);
      await client.query('COMMIT');
    });
    await settle(reader);
    expect((await readOn(start, 3)).subjects).toEqual(Array.from({ length: 7 }, (_, n) => `bulk-${n}`));
  });
});

describe('several topics', () => {
  const three = ['uapi.assistant.v1', 'uapi.analytics.v1', 'uapi.webhook.v1'];
  /** In one transaction; the first topic has nine rows of ten, and the days take turns. */
  const writeMany = (count: number, days: readonly number[]) =>
    reader.instance((tx) =>
      sql`INSERT INTO events.log (day, topic, key, id, type, version, source, tenant_id, data)
          SELECT (clock_timestamp() AT TIME ZONE 'utc')::date + (${days}::int[])[1 + n % ${days.length}::int],
                 (${three}::text[])[CASE WHEN n % 10 > 0 THEN 1 ELSE 2 + n / 10 % 2 END],
                 '', gen_random_uuid(), 'probe.changed', 1, '', ${tenantA}, '{}' FROM generate_series(1, ${count}) AS n`.execute(
        tx,
      ),
    );
  const written = () =>
    reader.instance(async (tx) => {
      const { rows } = await sql<{ position: bigint }>`
        SELECT position FROM events.log WHERE topic = ANY(${three}::text[]) ORDER BY xid, position`.execute(tx);
      return rows.map(({ position }) => position);
    });

  /** All positions in the order of reading; no page may touch more than its own rows and one for each topic and day. */
  async function readBounded(limit: number, days: number) {
    const counted = countRowsRead(reader);
    const positions: bigint[] = [];
    for (let place = startOfLog; ;) {
      const { events, next } = await read(place, limit, counted, three);
      expect(counted.rowsRead()).toBeLessThanOrEqual(events.length + three.length * days);
      positions.push(...events.map(({ position }) => position));
      if (events.length < limit) return positions;
      place = next;
    }
  }

  test('are one order, and a page reads what it gives back and hardly more: on new partitions, grown ones, analysed ones', async () => {
    await keepPartitions(fixture.test.url, eventTables, { clockOffsetMs: 3 * 86_400_000 });
    // The cheapest plan for what is known to be empty is not the index; the plan of a connection outlives that.
    await withClient(fixture.test.adminUrl, (client) => client.query('VACUUM ANALYZE events.log'));
    expect(await readBounded(500, 1)).toEqual([]);
    for (let n = 0; n < 3; n++) await writeMany(5_000, [0, -1]);
    // Days of which the migration made no partition.
    await writeMany(5_000, [11, 10]);
    await settle(reader);
    const order = await written();
    expect(order).toHaveLength(20_000);
    expect(await readBounded(500, 4)).toEqual(order);
    await withClient(fixture.test.adminUrl, (client) => client.query('ANALYZE events.log'));
    expect(await readBounded(500, 4)).toEqual(order);
    expect(await readBounded(333, 4)).toEqual(order);
  }, 60_000);

  test('that are named twice are read once, and none is an empty page', async () => {
    const start = await end();
    await fixture.write('once', 1);
    await settle(reader);
    expect(subjectsOf(await read(start, 500, reader, [...topics, ...topics]))).toEqual(['once']);
    expect(subjectsOf(await read(start, 500, reader, []))).toEqual([]);
  });
});

describe('a quiet group', () => {
  test('reads nothing of 20,000 events of others, in the poll that crosses them and in the next one', async () => {
    const start = await end();
    await fixture.writeNoise(20_000);
    await settle(reader);
    const counted = countRowsRead(reader);
    const crossing = await read(start, 500, counted);
    expect(crossing.events).toEqual([]);
    expect(counted.rowsRead()).toBeLessThanOrEqual(500);
    await read(crossing.next, 500, counted);
    expect(counted.rowsRead()).toBeLessThanOrEqual(500);
  });
});
