import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, sql, type Database } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { ask, tiny, tinyRouter, type Behaviour } from '../../test/tiny-providers.ts';
import { providersMigrations } from '../migrations.ts';
import { createCallSlots, type CallSlotTables } from './call-slots.ts';

let testDatabase: TestDatabase;
const pools: Database<CallSlotTables>[] = [];
let observer: Database<CallSlotTables>;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ schemas: [providersMigrations] });
  pools.push(testDatabase.database('providers_app'), testDatabase.database('providers_app'));
  observer = testDatabase.database('providers_app');
}, 60_000);
afterAll(() => testDatabase.drop());

const quotas = [{ unit: 'calls', limit: 1, windowS: 1, window: 'sliding', countedBy: 'installation' }] as const;
const clock = { now: () => Date.now() };

describe('two processes on one database', () => {
  test('start their calls to one provider at least a second apart, by the clock of the database', async () => {
    const startedAt: number[] = [];
    const upstream: Behaviour = async () => {
      const { rows } = await observer.instance((tx) =>
        sql<{ ms: number }>`SELECT 1000 * extract(epoch FROM clock_timestamp())::float8 AS ms`.execute(tx),
      );
      startedAt.push(rows[0]?.ms ?? 0);
      return 'answered';
    };
    const routers = pools.map(
      (pool) =>
        tinyRouter([tiny('slow', upstream, { quotas, timeoutMs: 25_000 })], { clock, callSlots: createCallSlots(pool) })
          .router,
    );
    const calls = [0, 1, 0].map((place, key) =>
      routers[place]?.route(ask(Date.now(), { key: [key], deadlineAt: Date.now() + 30_000 })),
    );
    await Promise.all(calls);
    expect(startedAt).toHaveLength(3);
    const gaps = startedAt.slice(1).map((time, index) => time - (startedAt[index] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1000);
  }, 40_000);

  test('take nothing when the next slot is too far away', async () => {
    const slots = pools.map((pool) => createCallSlots(pool));
    expect(await slots[0]?.reserve('other', 5000, 0)).toBe(0);
    expect(await slots[1]?.reserve('other', 5000, 1000)).toBeUndefined();
    const waitMs = await slots[1]?.reserve('other', 5000, 6000);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(5000);
  });

  test('may not do anything else with the table', async () => {
    const remove = pools[0]?.instance((tx) => sql`DELETE FROM call_slots`.execute(tx));
    await expect(remove).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a database that is away', () => {
  test('leaves the candidate out, with the reason', async () => {
    const gone = openDatabase<CallSlotTables>({
      url: 'postgresql://nobody:secret@127.0.0.1:9/nowhere',
      role: 'providers_app',
    });
    const upstream = () => Promise.resolve('answered');
    const { router } = tinyRouter([tiny('slow', upstream, { quotas })], { clock, callSlots: createCallSlots(gone) });
    await expect(router.route(ask(Date.now()))).rejects.toMatchObject({
      code: 'provider_unavailable',
      details: { candidates: [{ provider: 'slow', reason: 'slots_unavailable' }] },
    });
    await gone.close();
  });
});
