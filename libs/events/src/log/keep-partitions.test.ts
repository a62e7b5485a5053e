import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql, withClient } from '@universal-api/database';
import { createEventFixture, type EventFixture } from '../../test/event-fixture.ts';
import { eventTables, inboxOf, keepPartitions, startPartitionKeeper } from './keep-partitions.ts';
import { runBatch } from './run-batch.ts';

const dayMs = 86_400_000;

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());
beforeEach(() =>
  withClient(fixture.test.adminUrl, async (client) => {
    await client.query('TRUNCATE events.cursors');
  }),
);

const keep = (days: number) => keepPartitions(fixture.test.url, eventTables, { clockOffsetMs: days * dayMs });
const nameOf = (table: string, days: number) =>
  `events.${table}_${new Date(Date.now() + days * dayMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
const partitionsOf = async (table: string) => {
  const { rows } = await fixture.ingest.instance((tx) =>
    sql<{ name: string }>`SELECT inhrelid::regclass::text AS name FROM pg_inherits
                          WHERE inhparent = ${table}::regclass ORDER BY 1`.execute(tx),
  );
  return rows.map(({ name }) => name);
};
const poll = (group: string, days: number) =>
  runBatch(
    { database: fixture.ingest, source: 'log', owner: 'test:1', clockOffsetMs: days * dayMs },
    { group, topics: ['uapi.search.v1'], handle: async () => {} },
    500,
  );

describe('the days ahead', () => {
  test('are there from the migration on; a second run at once changes nothing', async () => {
    expect(await keep(0)).toEqual({ created: [], dropped: [], held: [] });
    expect(await partitionsOf('events.log')).toContain(nameOf('log', 8));
  });

  test('come as the clock moves, and take what is written on them', async () => {
    const { created, dropped } = await keep(1);
    expect(created).toEqual([nameOf('log', 9), nameOf('telemetry', 9)]);
    expect(dropped).toEqual([nameOf('telemetry', -1)]);
    await fixture.ingest.instance((tx) =>
      sql`INSERT INTO events.log (day, topic, key, id, type, version, source, tenant_id, data)
          SELECT (clock_timestamp() AT TIME ZONE 'utc')::date + 9, 'uapi.video.v1', '', gen_random_uuid(), 'probe.noise', 1, '', gen_random_uuid(), '{}'`.execute(
        tx,
      ),
    );
    const { rows } = await fixture.ingest.instance((tx) =>
      sql<{
        indexes: number;
      }>`SELECT count(*)::int AS indexes FROM pg_index WHERE indrelid = ${nameOf('log', 9)}::regclass`.execute(tx),
    );
    expect(rows).toEqual([{ indexes: 2 }]);
  });

  test('any number of processes may keep them at once', async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(() => keep(2)));
    expect(runs.flatMap(({ created }) => created).sort()).toEqual([nameOf('log', 10), nameOf('telemetry', 10)]);
  });
});

describe('the days that are over', () => {
  test('telemetry goes a day after its end', async () => {
    const { dropped } = await keep(2);
    expect(dropped.filter((name) => name.includes('log'))).toEqual([]);
    expect(await partitionsOf('events.telemetry')).not.toContain(nameOf('telemetry', 0));
    expect(await partitionsOf('events.telemetry')).toContain(nameOf('telemetry', 1));
  });

  test('a group that is behind holds the log, which is an alarm; a quiet group that polls does not', async () => {
    await poll('sleeping', 0);
    await poll('quiet', 0);
    await poll('quiet', 8);
    const held = await keep(8);
    expect(held.dropped.filter((name) => name.startsWith('events.log'))).toEqual([]);
    expect(held.held).toContainEqual({ partition: nameOf('log', 0), groups: ['sleeping'] });
    await poll('sleeping', 8);
    expect((await keep(8)).dropped).toEqual([nameOf('log', -1), nameOf('log', 0)]);
    expect(await partitionsOf('events.log')).not.toContain(nameOf('log', 0));
  });

  test('after 14 days they go although a group is behind', async () => {
    await poll('sleeping', 0);
    await keep(7);
    const { held } = await keep(15);
    expect(held).toContainEqual({ partition: nameOf('log', 1), groups: ['sleeping'] });
    expect((await keep(16)).dropped).toContain(nameOf('log', 1));
  });

  test('a run that died between the detach and the drop is completed by the next', async () => {
    await keep(20);
    const name = nameOf('log', 21);
    await withClient(fixture.test.url, async (client) => {
      await client.query('SET ROLE events_owner');
      await client.query(`ALTER TABLE events.log DETACH PARTITION ${name} CONCURRENTLY`);
    });
    expect((await keep(29)).dropped).toContain(name);
    const { rows } = await fixture.ingest.instance((tx) =>
      sql<{ is: string | null }>`SELECT to_regclass(${name})::text AS is`.execute(tx),
    );
    expect(rows).toEqual([{ is: null }]);
  });

  test('an inbox keeps 14 days', async () => {
    const table = [inboxOf('probe')];
    for (let run = 0; run < 2; run++) {
      expect(await keepPartitions(fixture.test.url, table)).toEqual({ created: [], dropped: [], held: [] });
    }
    const later = await keepPartitions(fixture.test.url, table, { clockOffsetMs: 2 * dayMs });
    expect(later.created).toHaveLength(2);
    expect(later.dropped).toHaveLength(2);
  });
});

describe('the keeper', () => {
  test('runs at start and again, tells of each run, and ends when it is told to', async () => {
    const kept = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let runs = 0;
    const onKept = () => kept[runs++]?.resolve();
    const keeper = startPartitionKeeper({ url: fixture.test.url, tables: eventTables, everyMs: 5, onKept });
    await keeper.first;
    await Promise.all(kept.map(({ promise }) => promise));
    await keeper.stop();
    const before = runs;
    await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toBe(before);
  });

  test('tells of a run that failed and goes on', async () => {
    const failed = Promise.withResolvers<unknown>();
    const url = 'postgresql://uapi:x@127.0.0.1:1/uapi';
    const keeper = startPartitionKeeper({ url, tables: eventTables, everyMs: 5, onFailed: failed.resolve });
    await expect(keeper.first).rejects.toThrow('cannot be used');
    expect(await failed.promise).toMatchObject({ code: 'service_unavailable' });
    await keeper.stop();
  });
});
