import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql, withClient, type Database } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import { defaultTenantId, newId, systemTenantId } from '@universal-api/ids';
import { silentLogger, type LogFields } from '@universal-api/logging';
import { createMetrics, type Metrics } from '@universal-api/telemetry';
import { attemptCompleted, requestCompleted, searchCompleted } from './catalogue/index.ts';
import { eventsMigrations, grantEventRights } from './event-rights.ts';
import type { LogSource } from './log/insert-events.ts';
import { openEventPublisher, type EventPublisher } from './telemetry-publisher.ts';

let home: TestDatabase;
let reader: Database<unknown>;
let metrics: Metrics;
let publisher: EventPublisher | undefined;
const lines: { message: string; fields?: LogFields }[] = [];
const keep = (message: string, fields?: LogFields) => void lines.push({ message, fields });

beforeAll(async () => {
  home = await createTestDatabase({ schemas: [eventsMigrations] });
  await grantEventRights(home.url, { consumers: ['gateway', 'search'] });
  reader = home.database('events_ingest');
}, 60_000);
afterAll(() => home.drop());
beforeEach(() => {
  lines.length = 0;
  metrics = createMetrics({ version: 'test' });
});
afterEach(async () => {
  await publisher?.close();
  publisher = undefined;
  await withClient(home.adminUrl, (client) => client.query('TRUNCATE events.log, events.telemetry'));
});

function open(source: LogSource = 'telemetry', service = 'gateway'): EventPublisher {
  publisher = openEventPublisher({
    source,
    databaseUrl: home.url,
    role: `${service}_ingest`,
    service,
    metrics,
    log: { ...silentLogger, warn: keep, error: keep },
    checkedShare: 1,
  });
  return publisher;
}

const attempt = (number: number, code = '') => ({
  tenantId: defaultTenantId,
  data: { callId: newId(), provider: 'p', operation: 'x.y', outcome: 'ok', code, attempt: number, totalUs: 5 },
});

interface Row {
  readonly type: string;
  readonly source: string;
  readonly key: string;
  readonly correlation_id: string | null;
  readonly data: Record<string, unknown>;
}

async function rowsOf(source: LogSource = 'telemetry'): Promise<Row[]> {
  const { rows } = await reader.instance((tx) =>
    sql<Row>`SELECT type, source, key, correlation_id, data FROM ${sql.table(`events.${source}`)} ORDER BY position`.execute(
      tx,
    ),
  );
  return rows;
}

const numbersOf = (rows: readonly Row[]) => rows.map(({ data }) => data['attempt']);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const lost = async (name: string) => {
  const { text } = await metrics.expose();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
};

/** Waits for a condition, with a deadline. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('telemetry', () => {
  test('is in events.telemetry with its envelope soon after, by itself', async () => {
    open().publish(requestCompleted, {
      tenantId: systemTenantId,
      correlationId: 'my-request',
      data: { callId: 'c', method: 'GET', status: 401, outcome: 'auth', code: 'invalid_token' },
    });
    await until(async () => (await rowsOf()).length > 0);
    expect(await rowsOf()).toEqual([
      {
        type: 'request.completed',
        source: 'urn:uapi:gateway',
        key: systemTenantId,
        correlation_id: 'my-request',
        data: {
          call_id: 'c',
          route: '',
          method: 'GET',
          status: 401,
          outcome: 'auth',
          code: 'invalid_token',
          operation: '',
          total_us: 0,
          violated_policies: [],
          request_id: '',
          refusals: [],
        },
      },
    ]);
    expect(await rowsOf('log')).toEqual([]);
  });

  test('of several batches and tenants keeps its order, and nothing is lost', async () => {
    const opened = open();
    for (const number of upTo(1_234)) {
      const tenantId = number % 2 ? systemTenantId : defaultTenantId;
      expect(opened.publish(attemptCompleted, { ...attempt(number), tenantId })).toBe(true);
    }
    await opened.flush();
    expect(numbersOf(await rowsOf())).toEqual(upTo(1_234));
    expect([opened.waiting(), await lost('uapi_telemetry_dropped_total')]).toEqual([0, 0]);
  });

  test('that waits is written when the publisher closes', async () => {
    const opened = open();
    for (const number of upTo(7)) opened.publish(attemptCompleted, attempt(number));
    await opened.close();
    expect(numbersOf(await rowsOf())).toEqual(upTo(7));
    expect(opened.publish(attemptCompleted, attempt(8))).toBe(false);
    expect(await lost('uapi_telemetry_dropped_total')).toBe(1);
  });
});

describe('trouble', () => {
  test('connections killed again and again lose nothing that fits', async () => {
    const opened = open();
    const count = 3_000;
    let sent = 0;
    for (let round = 0; round < 6; round += 1) {
      for (; sent < (count * (round + 1)) / 6; sent += 1) opened.publish(attemptCompleted, attempt(sent + 1));
      await withClient(home.adminUrl, (client) =>
        client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'gateway_telemetry' AND datname = current_database()`,
        ),
      );
      await new Promise(setImmediate);
    }
    await until(async () => {
      await opened.flush();
      return opened.waiting() === 0;
    });
    // A batch whose answer was lost is there twice; none is missing.
    expect([...new Set(numbersOf(await rowsOf()))].toSorted((a, b) => Number(a) - Number(b))).toEqual(upTo(count));
    expect(await lost('uapi_telemetry_dropped_total')).toBe(0);
  });

  test('a database that may not be written to is waited for, with one line in the log', async () => {
    const revoke = (verb: string, to: string) =>
      withClient(home.adminUrl, (client) => client.query(`${verb} INSERT ON events.telemetry ${to} events_ingest`));
    const opened = open();
    await revoke('REVOKE', 'FROM');
    try {
      for (const number of upTo(600)) opened.publish(attemptCompleted, attempt(number));
      await opened.flush();
      await opened.flush();
      expect([opened.waiting(), await lost('uapi_telemetry_dropped_total')]).toEqual([600, 0]);
    } finally {
      await revoke('GRANT', 'TO');
    }
    await until(async () => {
      await opened.flush();
      return opened.waiting() === 0;
    });
    expect(numbersOf(await rowsOf())).toEqual(upTo(600));
    expect(lines.map(({ message }) => message)).toEqual(['events wait to be written']);
  });

  test('while PostgreSQL is away 20,000 events are kept, the newest beyond are dropped, and what the end loses is counted', async () => {
    const opened = openEventPublisher({
      source: 'telemetry',
      databaseUrl: 'postgresql://nobody@127.0.0.1:1/none',
      role: 'gateway_ingest',
      service: 'gateway',
      metrics,
      log: { ...silentLogger, warn: keep, error: keep },
    });
    for (const number of upTo(20_000)) opened.publish(attemptCompleted, attempt(number));
    expect([opened.waiting(), await lost('uapi_telemetry_dropped_total')]).toEqual([20_000, 0]);
    expect(opened.publish(attemptCompleted, attempt(20_001))).toBe(false);
    expect([opened.waiting(), await lost('uapi_telemetry_dropped_total')]).toEqual([20_000, 1]);
    await opened.close();
    expect([opened.waiting(), await lost('uapi_telemetry_dropped_total')]).toEqual([0, 20_001]);
    expect(lines.map(({ message }) => message)).toEqual(['events wait to be written']);
  });

  test('an event that PostgreSQL refuses for its content is given up alone', async () => {
    const opened = open();
    for (const number of upTo(40)) opened.publish(attemptCompleted, attempt(number, number === 23 ? '\u0000' : ''));
    await opened.flush();
    expect(numbersOf(await rowsOf())).toEqual(upTo(40).filter((number) => number !== 23));
    expect([opened.waiting(), await lost('uapi_telemetry_dropped_total')]).toEqual([0, 1]);
  });

  test('an event that is not of its message, or of another durability, is counted and never thrown', async () => {
    const opened = open();
    expect(opened.publish(attemptCompleted, { tenantId: defaultTenantId, data: { nonsense: 1 } as object })).toBe(
      false,
    );
    expect(opened.publish(searchCompleted, { tenantId: defaultTenantId, data: {} })).toBe(false);
    expect(await lost('uapi_telemetry_dropped_total')).toBe(2);
    expect(lines.map(({ message }) => message)).toEqual(Array(2).fill('an event could not be written'));
  });
});

describe('buffered domain events', () => {
  test('are in events.log, with their own counter', async () => {
    const opened = open('log', 'search');
    for (const ms of upTo(450)) {
      opened.publish(searchCompleted, {
        tenantId: defaultTenantId,
        subject: `srch_${ms}`,
        data: { searchId: `srch_${ms}`, ms },
      });
    }
    await opened.flush();
    const rows = await rowsOf('log');
    expect(rows.map(({ data }) => data['ms'])).toEqual(upTo(450));
    expect(rows[0]).toMatchObject({ type: 'search.completed', source: 'urn:uapi:search' });
    expect(await rowsOf()).toEqual([]);
    expect(await lost('uapi_events_buffer_dropped_total')).toBe(0);
  });
});
