import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { createEventFixture, settle, type EventFixture } from '../../test/event-fixture.ts';
import type { Subscription } from '../event-bus.ts';
import { holdCursor, moveCursor } from './hold-cursor.ts';
import { startOfLog } from './read-log.ts';
import { runBatch } from './run-batch.ts';

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());

const name = (group: string) => ({ group, source: 'log' as const });
const place = { xid: '18446744073709551000', position: 9_007_199_254_740_993n, day: '2026-11-24' };

describe('one reader per group', () => {
  test('while a transaction holds a cursor no other gets it, and another group or source is not concerned', async () => {
    await fixture.ingest.instance(async (tx) => {
      expect(await holdCursor(tx, name('one'))).toEqual({ place: startOfLog, restedMs: Infinity });
      const others = fixture.test.database<unknown>('probe_ingest');
      await others.instance(async (second) => {
        expect(await holdCursor(second, name('one'))).toBeUndefined();
        expect(await holdCursor(second, name('other'))).toBeDefined();
        expect(await holdCursor(second, { ...name('one'), source: 'telemetry' })).toBeDefined();
      });
    });
    await fixture.ingest.instance(async (tx) => expect(await holdCursor(tx, name('one'))).toBeDefined());
  });

  test('a place comes back as it was written, beyond what a number can hold', async () => {
    await fixture.ingest.instance((tx) => moveCursor(tx, name('exact'), place, 'me'));
    const held = await fixture.ingest.instance((tx) => holdCursor(tx, name('exact')));
    expect(held?.place).toEqual(place);
    expect(held?.restedMs).toBeLessThan(60_000);
  });
});

describe('a quiet group', () => {
  const subscription = (group: string): Subscription => ({
    group,
    topics: ['uapi.search.v1'],
    handle: async () => {
      throw new Error('it has nothing to do');
    },
  });
  const cursorOf = async (group: string) => {
    const { rows } = await fixture.ingest.instance((tx) =>
      sql<{
        xid: bigint;
        moved: Date;
      }>`SELECT xid::text::bigint AS xid, updated_at AS moved FROM events.cursors WHERE grp = ${group}`.execute(tx),
    );
    return rows[0];
  };
  const poll = (group: string, clockOffsetMs = 0) =>
    runBatch({ database: fixture.ingest, source: 'log', owner: 'test:1', clockOffsetMs }, subscription(group), 500);

  test('writes nothing at a poll within 10 s, and moves to the horizon after them', async () => {
    await poll('quiet');
    const before = await cursorOf('quiet');
    await fixture.writeNoise(1);
    await settle(fixture.ingest);
    await poll('quiet');
    expect(await cursorOf('quiet')).toEqual(before);
    await poll('quiet', 10_000);
    const after = await cursorOf('quiet');
    expect(after?.xid).toBeGreaterThan(before?.xid ?? 0n);
  });
});
