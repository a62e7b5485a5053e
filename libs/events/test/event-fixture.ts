import { type Database, sql } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { SearchCompletedSchema } from '@universal-api/protos/gen/uapi/events/v1/search_pb';
import {
  createAppend,
  createCatalogue,
  defineEvent,
  eventsMigrations,
  grantEventRights,
  lockSubjects,
} from '../src/index.ts';

export const tenantA = '0190a000-0000-7000-8000-00000000000a';
export const tenantB = '0190b000-0000-7000-8000-00000000000b';

const base = {
  version: 1,
  messageSchema: SearchCompletedSchema,
  durability: 'tx',
  visibility: 'tenant',
  deliverable: true,
  sensitive: false,
  example: { searchId: 'srch_1', ms: 1 },
} as const;

/** Something changed: ordered by its subject. `ms` carries a number of the test's own. */
export const changed = defineEvent({ ...base, name: 'probe.changed', topic: 'uapi.search.v1', ordered: true });
/** Something else happened, on another topic and in no order. */
export const noise = defineEvent({ ...base, name: 'probe.noise', topic: 'uapi.video.v1', ordered: false });

/** The types of these tests. */
export const testCatalogue = createCatalogue([changed, noise]);

/** Appends as service `probe`. */
export const append = createAppend({ catalogue: testCatalogue, service: 'probe' });

/** Schema `probe`: an inbox, and a table `effects` that the handlers of the tests write to. */
export const probeMigrations = {
  schema: 'probe',
  migrations: new URL('./fixtures/probe/', import.meta.url),
};

/** A database with the log, and the pools of a service that writes and reads it. */
export interface EventFixture {
  readonly test: TestDatabase;
  readonly app: Database<unknown>;
  readonly ingest: Database<unknown>;
  /** Commits one event about a subject, `n` being its number. */
  write(subject: string, n: number): Promise<string>;
  /** Commits so many events of another topic, each with its own row, in one transaction. */
  writeNoise(count: number): Promise<void>;
  /** What a consumer's effects say, in the order they were written. */
  effectsOf(consumer: string): Promise<{ eventId: string; subject: string | null; n: number }[]>;
}

/** Makes it; `drop` of its test database ends it. */
export async function createEventFixture(): Promise<EventFixture> {
  const test = await createTestDatabase({ schemas: [eventsMigrations, probeMigrations] });
  await grantEventRights(test.url, { producers: ['probe'], consumers: ['probe'] });
  const [app, ingest] = [test.database<unknown>('probe_app'), test.database<unknown>('probe_ingest')];
  return {
    test,
    app,
    ingest,
    write: (subject, n) => writeChange(app, subject, n),
    async writeNoise(count) {
      await ingest.instance((tx) =>
        sql`INSERT INTO events.log (topic, key, id, type, version, source, tenant_id, data)
            SELECT 'uapi.video.v1', ${tenantB}, gen_random_uuid(), 'probe.noise', 1, 'urn:uapi:probe', ${tenantB}, '{}'
            FROM generate_series(1, ${count})`.execute(tx),
      );
    },
    effectsOf: (consumer) =>
      ingest.instance(async (tx) => {
        const { rows } = await sql<{ eventId: string; subject: string | null; n: number }>`
          SELECT event_id AS "eventId", subject, n FROM effects WHERE consumer = ${consumer} ORDER BY place`.execute(
          tx,
        );
        return rows;
      }),
  };
}

/** Commits one event about a subject in the way of a producer: lock, then append. */
export function writeChange(app: Database<unknown>, subject: string, n: number): Promise<string> {
  return app.transaction(tenantA, async (tx) => {
    await lockSubjects(tx, [subject]);
    return append(tx, changed, { tenantId: tenantA, subject, data: { searchId: subject, ms: n } });
  });
}

const settleMs = 20_000;

/** Waits until every transaction that is open now has ended, anywhere in the cluster: only then all of them can be read. */
export async function settle(database: Database<unknown>): Promise<void> {
  const [mark] = (
    await database.instance((tx) => sql<{ xid: string }>`SELECT pg_current_xact_id()::text AS xid`.execute(tx))
  ).rows;
  for (const until = Date.now() + settleMs; Date.now() < until;) {
    const { rows } = await database.instance((tx) =>
      sql<{ isPast: boolean }>`
        SELECT pg_snapshot_xmin(pg_current_snapshot()) > ${mark?.xid ?? ''}::xid8 AS "isPast"`.execute(tx),
    );
    if (rows[0]?.isPast) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`a transaction has been open for ${settleMs} ms`);
}
