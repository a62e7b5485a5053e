import { sql, type Database } from '@universal-api/database';
import { newId } from '@universal-api/ids';
import { insertEvents } from '../src/log/insert-events.ts';
import { lockSubjects } from '../src/index.ts';

/** Tenants, so that records are on many partitions. */
export const keyedTenants = Array.from(
  { length: 24 },
  (_, index) => `0190a000-0000-7000-8000-0000000001${String(index).padStart(2, '0')}`,
);

/** Writes numbered events of many tenants: each has the numbers 1, 2, 3, … in the order of their commits. */
export function createKeyedWriter(database: Pick<Database<unknown>, 'instance'>) {
  const written = new Map<string, number>();
  return {
    /** Per tenant, how many. */
    written: written as ReadonlyMap<string, number>,
    /** Commits so many of the tenant with this number, in one transaction. */
    async write(tenant: number, count: number): Promise<void> {
      const tenantId = keyedTenants[tenant % keyedTenants.length] ?? '';
      const before = written.get(tenantId) ?? 0;
      await database.instance(async (tx) => {
        await lockSubjects(tx, [tenantId]);
        await insertEvents(
          tx,
          'log',
          Array.from({ length: count }, (_, index) => ({
            ...{ id: newId(), topic: 'uapi.search.v1', key: tenantId, type: 'probe.changed', version: 1 },
            ...{ source: 'urn:uapi:probe', subject: tenantId, tenant_id: tenantId, channels: [], test: false },
            data: JSON.stringify({ ms: before + index + 1 }),
          })),
        );
      });
      written.set(tenantId, before + count);
    },
  };
}

/** What the effects of a consumer say: whether each event had one, and how many followed a later one of their tenant. */
export async function judgeEffects(
  database: Pick<Database<unknown>, 'instance'>,
  consumer: string,
): Promise<{ effects: number; events: number; inversions: number; missing: number }> {
  return database.instance(async (tx) => {
    const { rows } = await sql<{ effects: number; events: number; inversions: number; missing: number }>`
      SELECT (SELECT count(*)::int FROM effects WHERE consumer = ${consumer}) AS effects,
             (SELECT count(DISTINCT event_id)::int FROM effects WHERE consumer = ${consumer}) AS events,
             (SELECT count(*)::int FROM (
                SELECT n - lag(n, 1, 0) OVER (PARTITION BY subject ORDER BY place) AS step FROM effects WHERE consumer = ${consumer}
              ) AS steps WHERE step <> 1) AS inversions,
             (SELECT count(*)::int FROM events.log WHERE NOT EXISTS (
                SELECT FROM effects WHERE consumer = ${consumer} AND event_id = log.id)) AS missing`.execute(tx);
    return rows[0] ?? { effects: 0, events: 0, inversions: 0, missing: 0 };
  });
}

/** Writes the effects of a batch with one statement, in their order. */
export async function recordEffects(
  tx: Parameters<Parameters<Database<unknown>['instance']>[0]>[0],
  consumer: string,
  events: readonly {
    readonly id: string;
    readonly subject?: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[],
): Promise<void> {
  await sql`
    INSERT INTO effects (consumer, event_id, subject, n)
    SELECT ${consumer}, id, subject, n
    FROM unnest(${events.map(({ id }) => id)}::uuid[], ${events.map(({ subject }) => subject ?? null)}::text[],
                ${events.map(({ data }) => Number(data['ms']))}::int[]) WITH ORDINALITY AS e(id, subject, n, place)
    ORDER BY place`.execute(tx);
}
