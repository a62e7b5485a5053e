import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { sql, withClient, type Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { newId, systemTenantId } from '@universal-api/ids';
import { create, type MessageInitShape } from '@universal-api/protos';
import { WatchRequestSchema, type WatchResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { SetLogLevelRequestSchema } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { createAuthDatabase } from '../../test/auth-fixture.ts';
import { createRecordAudit } from '../audit/record-audit.ts';
import { setLogLevel } from '../settings/set-log-level.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { appendRevocation } from './append-revocation.ts';
import { sweepChanges } from './sweep-changes.ts';
import { createWatcherWake, type WatcherWake } from './wake-watchers.ts';
import { watch } from './watch.ts';

let server: TestDatabase;
let database: Database<AuthTables>;
let worker: Database<AuthTables>;
let wake: WatcherWake;

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  worker = server.database<AuthTables>('auth_worker');
  wake = createWatcherWake({ url: server.url, role: 'auth_app' });
}, 60_000);
afterAll(async () => {
  await wake.close();
  await server.drop();
});
const streams: AbortController[] = [];
afterEach(() => streams.splice(0).forEach((stream) => stream.abort()));

type Message = MessageInitShape<typeof WatchResponseSchema>;
type Asked = { sinceSeq?: string; app?: string; instance?: string };

/** A stream as a client has it: the messages it got, and how it ended. */
function open(asked: Asked = {}, woken: Pick<WatcherWake, 'hints' | 'wait'> = wake, pool = database) {
  const aborter = new AbortController();
  streams.push(aborter);
  const request = create(WatchRequestSchema, { app: 'search', instance: newId(), ...asked });
  const context = { signal: aborter.signal } as unknown as CallContext;
  const messages: Message[] = [];
  let news = () => {};
  const ended = (async () => {
    for await (const message of watch({ database: pool, wake: woken })(request, context)) {
      messages.push(message);
      news();
    }
  })().catch((error: unknown) => error);
  return {
    messages,
    ended,
    close: () => aborter.abort(),
    seq: () => messages.at(-1)?.seq ?? '',
    ids: () => messages.flatMap(({ revocations = [] }) => revocations.map(({ id }) => id)),
    /** The test's own time is the bound. */
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) await new Promise<void>((resolve) => (news = resolve));
    },
    async next(): Promise<void> {
      const had = messages.length;
      await this.until(() => messages.length > had);
    },
  };
}

async function revoke(kind: 'key' | 'session' | 'user' | 'tenant' = 'key'): Promise<string> {
  const id = newId();
  await database.instance((tx) => appendRevocation(tx, { kind, id }));
  return id;
}

/** Wakes by hints alone, however long that takes. */
const hintsAlone = (): typeof wake => ({ ...wake, wait: (since, _ms, signal) => wake.wait(since, 3_600_000, signal) });
const neverHinted = { hints: () => 0, wait: (_since: number, ms: number) => pause(ms) };

test('what ended bears the time of its commit, so that a token which was made meanwhile is not taken for a newer one', async () => {
  const id = newId();
  const lastThing = await database.instance(async (tx) => {
    await appendRevocation(tx, { kind: 'user', id });
    const { rows } = await sql<{ now: string }>`SELECT clock_timestamp()::text AS now`.execute(tx);
    return rows[0]?.now;
  });
  const { rows } = await database.instance((tx) =>
    sql<{ later: boolean }>`SELECT at >= ${lastThing}::timestamptz AS later FROM revocations WHERE id = ${id}`.execute(
      tx,
    ),
  );
  expect(rows).toEqual([{ later: true }]);
});

describe('a stream', () => {
  test('that begins with 0 has the last hour and says so; one that names no place has only what comes', async () => {
    const old = await revoke();
    const [all, coming] = [open({ sinceSeq: '0' }), open()];
    await Promise.all([all.next(), coming.next()]);
    expect(all.messages[0]?.resync).toBe(true);
    expect(all.ids()).toContain(old);
    const now = await revoke('session');
    await Promise.all([all, coming].map((stream) => stream.until(() => stream.ids().includes(now))));
    expect(coming.ids()).toEqual([now]);
    expect(coming.messages.some(({ resync }) => resync)).toBe(false);
    expect(all.messages.slice(1).some(({ resync }) => resync)).toBe(false);
  });

  test('is woken by the commit of a revocation, and finds it by itself where no hint comes', async () => {
    const [hinted, polled] = [open({}, hintsAlone()), open({}, neverHinted)];
    await Promise.all([hinted.next(), polled.next()]);
    const id = await revoke();
    await Promise.all([hinted, polled].map((stream) => stream.until(() => stream.ids().includes(id))));
  });

  test('tells each revocation once, and shows a sign of life where nothing happens', async () => {
    const stream = open();
    await stream.next();
    const ids = [await revoke(), await revoke(), await revoke()];
    await stream.until(() => ids.every((id) => stream.ids().includes(id)));
    await stream.next();
    await stream.next();
    expect(stream.ids()).toEqual(ids);
  });

  test('leaves out nothing that commits late, with a lower number, to whoever comes back later', async () => {
    const stream = open();
    await stream.next();
    let commit = () => {};
    const held = new Promise<void>((resolve) => (commit = resolve));
    let written = () => {};
    const isWritten = new Promise<void>((resolve) => (written = resolve));
    const late = newId();
    const slow = database.instance(async (tx) => {
      await appendRevocation(tx, { kind: 'session', id: late });
      written();
      await held;
    });
    await isWritten;
    const early = await revoke();
    await stream.until(() => stream.ids().includes(early));
    stream.close();
    await stream.ended;
    commit();
    await slow;
    const again = open({ sinceSeq: stream.seq() });
    await again.next();
    expect(again.messages[0]?.resync).toBe(false);
    expect(again.ids()).toContain(late);
  });

  test('whose connections are cut can be gone on with from its last place, without a gap', async () => {
    const stream = open();
    await stream.next();
    const hints = wake.hints();
    await withClient(server.adminUrl, (client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
      ),
    );
    const meanwhile = newId();
    await withClient(server.adminUrl, (client) =>
      client.query(`INSERT INTO auth.revocations (kind, id) VALUES ('key', $1)`, [meanwhile]),
    );
    const again = open({ sinceSeq: stream.seq() });
    await again.until(() => again.ids().includes(meanwhile));
    // Whoever listens comes back too, and hears.
    await wake.wait(hints, 60_000, new AbortController().signal);
    const hinted = open({}, hintsAlone());
    await hinted.next();
    const id = await revoke();
    await hinted.until(() => hinted.ids().includes(id));
  }, 30_000);

  test('ends with service_unavailable while PostgreSQL is away', async () => {
    const away = { instance: () => Promise.reject(new AppError('service_unavailable')) };
    const request = create(WatchRequestSchema, { app: 'search', instance: 'x' });
    const messages = watch({ database: away, wake })(request, { signal: new AbortController().signal } as CallContext);
    const error: unknown = await messages.next().catch((thrown: unknown) => thrown);
    expect(AppError.is(error) && error.code).toBe('service_unavailable');
  });

  test.each(['-1', 'x', '1.5', '99999999999999999999'])('is refused for the place %s', async (sinceSeq) => {
    const error = await open({ sinceSeq }).ended;
    expect(AppError.is(error) && error.code).toBe('invalid_request');
  });
});

describe('the hour that is kept', () => {
  test('a place from before it has to begin anew, a later one goes on', async () => {
    const before = open();
    await before.next();
    const [old, kept] = [await revoke(), await revoke()];
    await before.until(() => before.ids().includes(kept));
    await withClient(server.adminUrl, (client) =>
      client.query(`UPDATE auth.revocations SET at = at - interval '61 minutes' WHERE id = $1`, [old]),
    );
    await sweepChanges(worker);
    const late = open({ sinceSeq: before.messages[0]?.seq ?? '' });
    await late.next();
    expect(late.messages[0]?.resync).toBe(true);
    expect(late.ids()).toContain(kept);
    expect(late.ids()).not.toContain(old);
    const onTime = open({ sinceSeq: late.seq() });
    await onTime.next();
    expect(onTime.messages[0]?.resync).toBe(false);
  });

  test('a place of another database begins anew', async () => {
    const stream = open({ sinceSeq: String(2n ** 62n) });
    await stream.next();
    expect(stream.messages[0]?.resync).toBe(true);
  });
});

describe('gateways', () => {
  test('are counted over all replicas, each once, as long as they are seen; other apps are not', async () => {
    const otherReplica = server.database<AuthTables>('auth_app');
    const instance = newId();
    const first = open({ app: 'gateway', instance });
    await first.next();
    expect(first.messages.at(-1)?.liveGateways).toBe(1);
    open({ app: 'gateway', instance });
    const second = open({ app: 'gateway' }, neverHinted, otherReplica);
    const search = open({ app: 'search' });
    for (const stream of [first, second, search]) await stream.until(() => stream.messages.at(-1)?.liveGateways === 2);
    second.close();
    await second.ended;
    await withClient(server.adminUrl, (client) =>
      client.query(`UPDATE auth.gateways SET seen_at = seen_at - interval '6 seconds' WHERE instance <> $1`, [
        instance,
      ]),
    );
    await first.until(() => first.messages.at(-1)?.liveGateways === 1);
  });
});

describe('a log level', () => {
  const context = {
    principal: { tid: newId(), sub: newId(), typ: 'user' },
    requestId: 'request-1',
  } as unknown as CallContext;
  const set = (change: { service: string; level: string; ttlS?: number }) =>
    setLogLevel({ database, recordAudit: createRecordAudit() })(create(SetLogLevelRequestSchema, change), context);
  const levels = (message: Message | undefined) => message?.logLevels?.map(({ service, level }) => [service, level]);

  test('reaches every stream, the last one counts, and is in the chain of the platform', async () => {
    const stream = open();
    await set({ service: 'search', level: 'debug' });
    const { until } = await set({ service: 'search', level: 'trace', ttlS: 60 });
    await set({ service: 'gateway', level: 'warn' });
    const wanted = JSON.stringify([
      ['gateway', 'warn'],
      ['search', 'trace'],
    ]);
    await stream.until(() => JSON.stringify(levels(stream.messages.at(-1))) === wanted);
    expect(stream.messages.at(-1)?.logLevels?.[1]?.until).toEqual(until);
    const rows = await database.transaction(systemTenantId, (tx) =>
      tx.selectFrom('audit').select(['action', 'object', 'diff']).orderBy('seq').execute(),
    );
    expect(rows).toEqual([
      { action: 'platform.log_level.set', object: 'search', diff: { level: 'debug', ttl_s: '900' } },
      { action: 'platform.log_level.set', object: 'search', diff: { level: 'trace', ttl_s: '60', before: 'debug' } },
      { action: 'platform.log_level.set', object: 'gateway', diff: { level: 'warn', ttl_s: '900' } },
    ]);
  });

  test('is gone when its time is over, and then swept away', async () => {
    await set({ service: 'video', level: 'debug' });
    const count = async () => {
      const { rows } = await database.instance((tx) =>
        sql<{ count: number }>`SELECT count(*)::int FROM runtime_settings WHERE name = 'log_level.video'`.execute(tx),
      );
      return rows[0]?.count;
    };
    await sweepChanges(worker);
    expect(await count()).toBe(1);
    await database.instance((tx) =>
      sql`UPDATE runtime_settings SET until = now() WHERE name = 'log_level.video'`.execute(tx),
    );
    const stream = open();
    await stream.next();
    expect(levels(stream.messages[0])?.map(([service]) => service)).not.toContain('video');
    await sweepChanges(worker);
    expect(await count()).toBe(0);
  });

  test('of an app that there is not is refused', async () => {
    const error: unknown = await set({ service: 'serach', level: 'debug' }).catch((thrown: unknown) => thrown);
    expect(AppError.is(error) && error.code).toBe('invalid_request');
  });
});
