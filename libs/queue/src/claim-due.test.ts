import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, sql } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { claimDue, holdTick } from './claim-due.ts';

let home: TestDatabase;
let database: Database<unknown>;
beforeAll(async () => {
  const migrations = new URL('../test/fixtures/due/', import.meta.url);
  home = await createTestDatabase({ schemas: [{ schema: 'due', migrations }] });
  database = home.database('due_app');
}, 60_000);
afterAll(() => home.drop());

const plans = { table: 'plans', idColumn: 'plan_id', dueColumn: 'next_at' };
const claim = (limit = 10, againAfterMs = 60_000) =>
  database.instance((tx) => claimDue(tx, plans, { limit, againAfterMs }));
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

/** Leaves these rows alone: seconds until each is due. */
async function plan(rows: Readonly<Record<string, number | null>>): Promise<void> {
  await database.instance(async (tx) => {
    await sql`DELETE FROM plans`.execute(tx);
    for (const [id, inS] of Object.entries(rows)) {
      await sql`INSERT INTO plans VALUES (${id}, now() + ${inS}::float8 * interval '1 second')`.execute(tx);
    }
  });
}

describe('claiming', () => {
  test('takes rows whose time is past, the longest due first, and no others', async () => {
    await plan({ late: -5, later: -60, soon: 3_600, never: null });
    expect(idsOf(await claim())).toEqual(['later', 'late']);
    expect(idsOf(await claim())).toEqual([]);
  });

  test('takes no more than asked for', async () => {
    await plan({ a: -3, b: -2, c: -1 });
    expect(idsOf(await claim(2))).toEqual(['a', 'b']);
    expect(idsOf(await claim(2))).toEqual(['c']);
  });

  test('a row whose worker died is due again after its time, by the clock of the database', async () => {
    await plan({ a: -1 });
    const [first] = await claim(1, 0);
    const [second] = await claim(1, 60_000);
    expect([first?.id, second?.id]).toEqual(['a', 'a']);
    expect(second?.dueAt.getTime()).toBeGreaterThan(first?.dueAt.getTime() ?? Number.NaN);
    expect(await claim()).toEqual([]);
  });

  test('what is rolled back is due as before', async () => {
    await plan({ a: -1 });
    const failing = database.instance(async (tx) => {
      expect(idsOf(await claimDue(tx, plans, { limit: 1, againAfterMs: 60_000 }))).toEqual(['a']);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(idsOf(await claim())).toEqual(['a']);
  });

  test('two claims at once share the rows: none twice, none waits', async () => {
    await plan(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`p${index}`, -index - 1])));
    const claims = await Promise.all(Array.from({ length: 4 }, () => claim(10)));
    const ids = claims.flatMap(idsOf);
    expect(new Set(ids).size).toBe(ids.length);
    await database.instance(async (outer) => {
      await plan({ held: -10, free: -1 });
      await sql`SELECT FROM plans WHERE plan_id = 'held' FOR UPDATE`.execute(outer);
      expect(idsOf(await claim())).toEqual(['free']);
    });
  });
});

describe('holding a tick', () => {
  test('one transaction at a time has it, by name, until its end', async () => {
    await database.instance(async (first) => {
      expect(await holdTick(first, 'scan')).toBe(true);
      await database.instance(async (second) => {
        expect([await holdTick(second, 'scan'), await holdTick(second, 'other')]).toEqual([false, true]);
      });
    });
    expect(await database.instance((tx) => holdTick(tx, 'scan'))).toBe(true);
  });
});
