import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql, withClient } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { setTimeout } from 'node:timers/promises';
import {
  append,
  changed,
  createEventFixture,
  noise,
  tenantA,
  writeChange,
  type EventFixture,
} from '../../test/event-fixture.ts';
import { eventBusContract, type EventBusUnderTest } from '../event-bus.contract.ts';
import type { Event } from '../event.ts';
import { insertEvents } from './insert-events.ts';
import { lockSubjects } from './lock-subject.ts';
import type { GroupReport } from '../group/group-report.ts';
import { createLogEventBus, type LogEventBusParts } from './log-event-bus.ts';
import { createWake, ringAfterCommit, type Wake } from './wake-on-notify.ts';

let fixture: EventFixture;
let wake: Wake;
beforeAll(async () => {
  fixture = await createEventFixture();
  wake = createWake({ url: fixture.test.url, role: 'probe_ingest', database: fixture.ingest });
}, 30_000);
afterAll(async () => {
  await wake.close();
  await fixture.test.drop();
});

/** Buses with pools of their own, since two groups in one pool of two connections may wait for each other. */
function createBus(parts: Partial<LogEventBusParts<unknown>> = {}) {
  const database = fixture.test.database<unknown>('probe_ingest');
  return createLogEventBus({ database, wake, owner: 'test:1', waitFactor: 0.2, ...parts });
}

const publish = (subject: string, numbers: readonly number[]) =>
  ringAfterCommit(fixture.app, wake).transaction(tenantA, async (tx) => {
    await lockSubjects(tx, [subject]);
    const ids: string[] = [];
    for (const n of numbers) ids.push(await append(tx, changed, { tenantId: tenantA, subject, data: { ms: n } }));
    return ids;
  });

const recordEffect: EventBusUnderTest['recordEffect'] = async (tx, consumer, { id, subject = null, data }) => {
  await sql`INSERT INTO effects (consumer, event_id, subject, n) VALUES (${consumer}, ${id}, ${subject}, ${data['ms']})`.execute(
    tx,
  );
};

const world: EventBusUnderTest = {
  createBus: () => createBus(),
  publish: (subject, ...numbers) => publish(subject, numbers),
  async publishAndRollBack(subject, ...numbers) {
    const work = fixture.app.transaction(tenantA, async (tx) => {
      await lockSubjects(tx, [subject]);
      for (const n of numbers) await append(tx, changed, { tenantId: tenantA, subject, data: { ms: n } });
      throw new AppError('conflict');
    });
    await expect(work).rejects.toThrow();
  },
  publishElsewhere: (subject, n) =>
    fixture.app.transaction(tenantA, (tx) => append(tx, noise, { tenantId: tenantA, subject, data: { ms: n } })),
  redeliver: (group) =>
    fixture.ingest.instance(async (tx) => {
      await sql`UPDATE events.cursors SET xid = '0', position = 0, day = '-infinity' WHERE grp = ${group}`.execute(tx);
    }),
  recordEffect,
  effectsOf: (consumer) => fixture.effectsOf(consumer),
  deadLettersOf: (consumer) =>
    fixture.ingest.instance(async (tx) => {
      const { rows } = await sql<{ eventId: string; reason: string; bytes: string }>`
        SELECT event_id AS "eventId", reason, convert_from(bytes, 'UTF8') AS bytes FROM events.dead_letters
        WHERE consumer = ${consumer} ORDER BY created_at`.execute(tx);
      return rows;
    }),
};

eventBusContract('the log', () => world);

async function until(condition: () => boolean | Promise<boolean>) {
  for (const end = Date.now() + 20_000; Date.now() < end; await setTimeout(10)) if (await condition()) return;
  throw new Error('what was waited for did not happen');
}

describe('storage in trouble', () => {
  test('nothing counts as a failure of the record while PostgreSQL is away: the batch waits', async () => {
    const reports: GroupReport[] = [];
    let away = 8;
    const database = fixture.test.database<unknown>('probe_ingest');
    const bus = createBus({
      waitFactor: 0.01,
      report: (report) => void reports.push(report),
      database: {
        instance: (work) =>
          database.instance((tx) => {
            if (away-- > 0) throw new AppError('service_unavailable', { internal: 'PostgreSQL is away' });
            return work(tx);
          }),
      },
    });
    await publish('away', [1]);
    const running = bus.subscribe({
      group: 'away',
      topics: ['uapi.search.v1'],
      async handle(tx, events) {
        for (const event of events) await recordEffect(tx, 'away', event);
        // The connection is lost in the middle of the work.
        if (away-- > -8) throw new AppError('service_unavailable', { internal: 'PostgreSQL is away' });
      },
    });
    await until(async () => (await fixture.effectsOf('away')).some(({ subject }) => subject === 'away'));
    await running.stop();
    expect(await world.deadLettersOf('away')).toEqual([]);
    const failures = reports.filter((report) => report.kind === 'failed');
    expect(failures.length).toBeGreaterThan(8);
    expect(failures.every(({ isStorage }) => isStorage)).toBe(true);
  });

  test('a schema without inbox makes the group wait, and makes no dead letters', async () => {
    const reports: GroupReport[] = [];
    await publish('no-inbox', [1]);
    const database = fixture.test.database<unknown>('events_ingest');
    const running = createBus({ database, report: (report) => void reports.push(report) }).subscribe({
      group: 'no-inbox',
      topics: ['uapi.search.v1'],
      handle: async () => {},
    });
    await until(() => reports.length > 0);
    await running.stop();
    expect(reports[0]).toMatchObject({ kind: 'failed', isStorage: true });
    expect(await world.deadLettersOf('no-inbox')).toEqual([]);
  });
});

describe('a transaction that stays open', () => {
  test('is seen by its age, and by nothing once it has ended', async () => {
    let ageMs = Number.NaN;
    const report = (told: GroupReport) => {
      if (told.kind === 'poll') ageMs = told.horizonAgeMs ?? Number.NaN;
    };
    const running = createBus({ waitFactor: 0.01, report }).subscribe({
      group: 'horizon',
      topics: ['uapi.assistant.v1'],
      handle: async () => {},
    });
    await fixture.test.database<unknown>('probe_app').instance(async (tx) => {
      await sql`SELECT pg_current_xact_id()`.execute(tx);
      await until(() => ageMs > 100);
    });
    await until(() => ageMs === 0);
    await running.stop();
  });
});

describe('a group', () => {
  test('that produces too locks its subjects first, and its events follow those it had', async () => {
    await publish('cause', [1]);
    const running = createBus().subscribe({
      group: 'producer',
      topics: ['uapi.search.v1'],
      subjectsOf: (events) => events.filter(({ subject }) => subject === 'cause').map(() => 'effect-of-cause'),
      async handle(tx, events) {
        for (const event of events.filter(({ subject }) => subject === 'cause')) {
          await append(tx, changed, {
            tenantId: tenantA,
            subject: 'effect-of-cause',
            data: { ms: 2 },
            causationId: event.id,
          });
        }
        for (const event of events) await recordEffect(tx, 'producer', event);
      },
    });
    await until(async () => (await fixture.effectsOf('producer')).some(({ subject }) => subject === 'effect-of-cause'));
    await running.stop();
  });

  test('reads telemetry as it reads the log', async () => {
    const row = {
      topic: 'uapi.telemetry.v1',
      key: tenantA,
      type: 'request.completed',
      version: 1,
      source: 'urn:uapi:gateway',
      tenant_id: tenantA,
      channels: [],
      test: false,
    };
    await fixture.ingest.instance((tx) =>
      insertEvents(
        tx,
        'telemetry',
        Array.from({ length: 3 }, (_, n) => ({
          ...row,
          id: `0190a000-0000-7000-8000-00000000010${n}`.replace(/^.{13}/, dayPrefix()),
          data: JSON.stringify({ ms: n }),
        })),
      ),
    );
    const got: Event[] = [];
    const running = createBus({ source: 'telemetry' }).subscribe({
      group: 'telemetry-reader',
      topics: ['uapi.telemetry.v1'],
      handle: async (_tx, events) => void got.push(...events),
    });
    await until(() => got.length >= 3);
    await running.stop();
    expect(got.map(({ data, type }) => [type, data['ms']])).toEqual([0, 1, 2].map((n) => ['request.completed', n]));
  });

  test('an event whose id is older than the inbox is set aside as too old', async () => {
    const id = '01800000-0000-7000-8000-000000000001';
    await fixture.ingest.instance((tx) =>
      insertEvents(tx, 'log', [
        {
          id,
          topic: 'uapi.auth.v1',
          key: tenantA,
          type: 'probe.old',
          version: 1,
          source: 'urn:uapi:probe',
          tenant_id: tenantA,
          channels: [],
          test: false,
          data: '{}',
        },
      ]),
    );
    const running = createBus().subscribe({ group: 'too-old', topics: ['uapi.auth.v1'], handle: async () => {} });
    await until(async () => (await world.deadLettersOf('too-old')).length > 0);
    await running.stop();
    expect(await world.deadLettersOf('too-old')).toEqual([{ eventId: id, reason: 'too_old', bytes: '{}' }]);
  });

  test('whose process dies in the middle of a batch loses nothing: another takes over', async () => {
    await writeChange(fixture.app, 'taken-over', 1);
    const database = fixture.test.database<unknown>('probe_ingest');
    const group = 'taken-over';
    const begun = Promise.withResolvers<number>();
    let sleeps = 1;
    const dying = createBus({ database }).subscribe({
      group,
      topics: ['uapi.search.v1'],
      async handle(tx, events) {
        for (const event of events) await recordEffect(tx, group, event);
        const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
        begun.resolve(rows[0]?.pid ?? 0);
        if (sleeps-- > 0) await sql`SELECT pg_sleep(8)`.execute(tx);
      },
    });
    const pid = await begun.promise;
    const other = createBus().subscribe({
      group,
      topics: ['uapi.search.v1'],
      handle: async (tx, events) => {
        for (const event of events) await recordEffect(tx, group, event);
      },
    });
    await withClient(fixture.test.adminUrl, (client) => client.query('SELECT pg_terminate_backend($1)', [pid]));
    await until(async () => (await fixture.effectsOf(group)).some(({ subject }) => subject === 'taken-over'));
    await Promise.all([other.stop(), dying.stop()]);
    const effects = (await fixture.effectsOf(group)).map(({ eventId }) => eventId);
    expect(new Set(effects).size).toBe(effects.length);
  }, 30_000);
});

/** The first 13 characters of a UUIDv7 of today. */
function dayPrefix(): string {
  const hex = Date.now().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
