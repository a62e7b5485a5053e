import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import {
  append,
  changed,
  createEventFixture,
  noise,
  settle,
  tenantA,
  type EventFixture,
} from '../../test/event-fixture.ts';
import { lockSubjects } from './lock-subject.ts';
import { readLog, startOfLog } from './read-log.ts';

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());

describe('ok', () => {
  test('twelve writers on one subject: the order of reading is the order of their turns, without an inversion', async () => {
    const pools = Array.from({ length: 3 }, () => fixture.test.database<unknown>('probe_app'));
    let turn = 0;
    const writer = async (index: number) => {
      for (let round = 0; round < 25; round++) {
        const pool = pools[index % pools.length];
        await pool?.transaction(tenantA, async (tx) => {
          await lockSubjects(tx, ['one']);
          // Numbered while the lock is held, so the numbers are the causal order.
          await append(tx, changed, { tenantId: tenantA, subject: 'one', data: { ms: ++turn } });
          await sql`SELECT FROM generate_series(1, ${(index * 37) % 200})`.execute(tx);
        });
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, index) => writer(index)));
    await settle(fixture.ingest);
    const page = await fixture.ingest.instance((tx) =>
      readLog(tx, { source: 'log', after: startOfLog, topics: ['uapi.search.v1'], limit: 500 }),
    );
    const turns = page.events.map(({ data }) => data['ms']);
    expect(turns).toHaveLength(300);
    const inversions = turns.filter((value, at) => at > 0 && Number(value) < Number(turns[at - 1]));
    expect(inversions).toEqual([]);
    const positions = page.events.map(({ position }) => position);
    expect([...positions].sort((a, b) => (a < b ? -1 : 1))).toEqual(positions);
  }, 30_000);

  test('writers that lock the same subjects in any order do not block each other for good', async () => {
    const subjects = ['a', 'b', 'c', 'd', 'e'];
    const writer = async (index: number) => {
      for (let round = 0; round < 10; round++) {
        await fixture.app.transaction(tenantA, async (tx) => {
          await lockSubjects(
            tx,
            subjects.toSorted((a, b) => ((a.charCodeAt(0) * (index + 3)) % 7) - ((b.charCodeAt(0) * (index + 3)) % 7)),
          );
          await append(tx, changed, { tenantId: tenantA, subject: 'c', data: {} });
        });
      }
    };
    await Promise.all(Array.from({ length: 4 }, (_, index) => writer(index)));
  }, 30_000);

  test('locking again what is locked changes nothing, also after a write', async () => {
    await fixture.app.transaction(tenantA, async (tx) => {
      await lockSubjects(tx, ['a', 'b']);
      await append(tx, changed, { tenantId: tenantA, subject: 'a', data: {} });
      await lockSubjects(tx, ['b']);
      await append(tx, changed, { tenantId: tenantA, subject: 'b', data: {} });
    });
  });
});

describe('refused', () => {
  test('after the first write', async () => {
    const late = fixture.app.transaction(tenantA, async (tx) => {
      await append(tx, noise, { tenantId: tenantA, data: {} });
      await lockSubjects(tx, ['a']);
    });
    await expect(late).rejects.toThrow('before its first write');
  });

  test('in two calls', async () => {
    const twice = fixture.app.transaction(tenantA, async (tx) => {
      await lockSubjects(tx, ['a']);
      await lockSubjects(tx, ['b']);
    });
    await expect(twice).rejects.toThrow('all its subjects at once');
  });
});
