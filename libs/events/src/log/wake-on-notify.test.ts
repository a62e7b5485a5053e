import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, sql, withClient } from '@universal-api/database';
import { setTimeout } from 'node:timers/promises';
import { append, createEventFixture, noise, tenantA, type EventFixture } from '../../test/event-fixture.ts';
import { createWake, ringAfterCommit, type Wake } from './wake-on-notify.ts';

let fixture: EventFixture;
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(() => fixture.test.drop());

async function withWake(
  work: (wake: Wake) => Promise<void>,
  database: Pick<Database<unknown>, 'instance'> = fixture.ingest,
) {
  const wake = createWake({ url: fixture.test.url, role: 'probe_ingest', database });
  try {
    await work(wake);
  } finally {
    await wake.close();
  }
}

/** Resolves with the next hint; the test ends when none comes. */
const nextRing = (wake: Wake) => {
  const rung = Promise.withResolvers<void>();
  const off = wake.onRing(rung.resolve);
  return rung.promise.finally(off);
};

describe('a hint', () => {
  test('reaches readers of this process at once and those of others by the database', async () => {
    await withWake((here) =>
      withWake(async (there) => {
        await nextRing(there); // It listens.
        let rings = 0;
        here.onRing(() => rings++);
        const other = nextRing(there);
        here.ring();
        expect(rings).toBe(1);
        await other;
      }),
    );
  });

  test('comes again after its connection was cut, with one for whatever was missed', async () => {
    await withWake(async (wake) => {
      await nextRing(wake);
      const again = nextRing(wake);
      await withClient(fixture.test.adminUrl, (client) =>
        client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'probe_ingest listen' AND datname = current_database()`,
        ),
      );
      await again;
    });
  });

  test('a thousand of them in one moment are few notifications, and the last one is not lost', async () => {
    let sent = 0;
    const counting: Pick<Database<unknown>, 'instance'> = {
      instance: (work) => {
        sent++;
        return fixture.ingest.instance(work);
      },
    };
    await withWake(async (wake) => {
      for (let n = 0; n < 1_000; n++) wake.ring();
      expect(sent).toBe(1);
      while (sent < 2) await setTimeout(1);
      expect(sent).toBe(2);
    }, counting);
  });

  test('that cannot be sent is none, and breaks nothing', async () => {
    const away: Pick<Database<unknown>, 'instance'> = { instance: () => Promise.reject(new Error('away')) };
    await withWake(async (wake) => wake.ring(), away);
  });
});

describe('a pool that rings', () => {
  test('does so after the commit of an append, and after nothing else', async () => {
    let rings = 0;
    const pool = ringAfterCommit(fixture.app, { ring: () => rings++ });
    await pool.transaction(tenantA, (tx) => sql`SELECT 1`.execute(tx));
    const work = pool.transaction(tenantA, async (tx) => {
      await append(tx, noise, { tenantId: tenantA, data: {} });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(rings).toBe(0);
    await pool.transaction(tenantA, async (tx) => {
      await append(tx, noise, { tenantId: tenantA, data: {} });
      expect(rings).toBe(0);
    });
    expect(rings).toBe(1);
  });
});
