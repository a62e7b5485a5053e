import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { runBatch } from '../src/log/run-batch.ts';
import { eventTables, keepPartitions } from '../src/log/keep-partitions.ts';
import type { Subscription } from '../src/event-bus.ts';
import { countRowsRead } from './count-rows-read.ts';
import { createEventFixture, settle, type EventFixture } from './event-fixture.ts';
import { planInterleaving, withPlayer } from './interleave.ts';

const isShort = process.env['FAULTS'] === 'short';
const interleavings = isShort ? 1_000 : 10_000;
const chunks = isShort ? 20 : 200;
const chunkRows = 5_000;
const dayMs = 86_400_000;

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());

describe('a slow transaction', () => {
  test(`${interleavings} random interleavings of four writers and a reader: everything committed is read once, in order`, async () => {
    await withPlayer(fixture.test.url, fixture.ingest, async (player) => {
      for (let seed = 1; seed <= interleavings; seed++) {
        const { seen, committed, inversions } = await player.play(planInterleaving(seed));
        if (seen.join() !== committed.join() || inversions > 0) {
          expect({ seed, seen, inversions }).toEqual({ seed, seen: committed, inversions: 0 });
        }
      }
    });
  }, 900_000);
});

describe('a quiet group', () => {
  const quiet: Subscription = {
    group: 'quiet',
    topics: ['uapi.assistant.v1'],
    handle: async () => {
      throw new Error('it has nothing to do');
    },
  };

  test(`${chunks * chunkRows} rows of other topics pass: its cursor stays within 10 s of the horizon, each poll reads at most 500 rows, and it holds no partition`, async () => {
    const counted = countRowsRead(fixture.ingest);
    const parts = { database: counted, source: 'log' as const, owner: 'test:1' };
    let elapsedMs = 0;
    for (let chunk = 0; chunk < chunks; chunk++) {
      await fixture.writeNoise(chunkRows);
      // As if each chunk had taken a second, and the group polled after each.
      elapsedMs += 1_000;
      await runBatch({ ...parts, clockOffsetMs: elapsedMs }, quiet, 500);
      expect(counted.rowsRead()).toBeLessThanOrEqual(500);
      const { rows } = await fixture.ingest.instance((tx) =>
        sql<{ behind: number }>`
          SELECT extract(epoch FROM clock_timestamp() + ${elapsedMs}::float8 * interval '1 ms' - updated_at)::float8 AS behind
          FROM events.cursors WHERE grp = 'quiet'`.execute(tx),
      );
      expect(rows[0]?.behind).toBeLessThanOrEqual(11);
    }
    await settle(fixture.ingest);
    await runBatch({ ...parts, clockOffsetMs: elapsedMs + 10_000 }, quiet, 500);
    expect(counted.rowsRead()).toBeLessThanOrEqual(500);

    // One that was away meanwhile crosses all of them with its first poll.
    const away = { ...quiet, group: 'away' };
    await runBatch(parts, away, 500);
    expect(counted.rowsRead()).toBeLessThanOrEqual(500);

    const later = { clockOffsetMs: 8 * dayMs };
    for (const group of [quiet, away]) await runBatch({ ...parts, ...later }, group, 500);
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    expect((await keepPartitions(fixture.test.url, eventTables, later)).dropped).toContain(`events.log_${today}`);
  }, 300_000);
});
