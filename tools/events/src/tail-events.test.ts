import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, sql } from '@universal-api/database';
import { createTestDatabase, type TestDatabase } from '@universal-api/database/testing';
import {
  attemptCompleted,
  eventsMigrations,
  grantEventRights,
  openEventPublisher,
  requestCompleted,
  searchCompleted,
  type EventPublisher,
} from '@universal-api/events';
import { defaultTenantId, systemTenantId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { asReader } from './find-database.ts';
import { tailEvents } from './tail-events.ts';

let home: TestDatabase;
let log: EventPublisher;
let telemetry: EventPublisher;

beforeAll(async () => {
  home = await createTestDatabase({ schemas: [eventsMigrations] });
  await grantEventRights(home.url, { consumers: ['search', 'gateway'] });
  const parts = { databaseUrl: home.url, metrics: createMetrics({ version: 'test' }), log: silentLogger };
  log = openEventPublisher({ ...parts, source: 'log', service: 'search', role: 'search_ingest' });
  telemetry = openEventPublisher({ ...parts, source: 'telemetry', service: 'gateway', role: 'gateway_ingest' });
}, 60_000);
afterAll(async () => {
  await Promise.all([log.close(), telemetry.close()]);
  await home.drop();
});

const search = (id: string, tenantId = defaultTenantId) =>
  log.publish(searchCompleted, { tenantId, subject: id, data: { searchId: id } });
const request = (callId: string, tenantId = defaultTenantId) =>
  telemetry.publish(requestCompleted, { tenantId, data: { callId } });
const attempt = (callId: string) =>
  telemetry.publish(attemptCompleted, { tenantId: defaultTenantId, data: { callId } });
const flush = () => Promise.all([log.flush(), telemetry.flush()]);

interface Line {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the words give of everything up to now. */
async function shown(...words: string[]): Promise<Line[]> {
  const lines: string[] = [];
  const said: string[] = [];
  const code = await tailEvents(['--from', '1h', '--no-follow', '--json', ...words], {
    environment: { DATABASE_URL: home.url },
    write: (line) => lines.push(line),
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  });
  expect([code, said]).toEqual([0, []]);
  return lines.map((line) => JSON.parse(line) as Line);
}

const names = (lines: readonly Line[]) => lines.map(({ data }) => data['search_id'] ?? data['call_id']);

/** Another transaction of this cluster may hold the horizon back for a moment; what is not readable is not yet of before. */
async function untilReadable(name: string): Promise<void> {
  while (!names(await shown()).includes(name)) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('everything up to now', () => {
  beforeAll(async () => {
    for (const id of ['srch_a', 'srch_b']) search(id);
    search('srch_platform', systemTenantId);
    for (const id of ['call_a', 'call_b']) request(id);
    attempt('call_a');
    await flush();
    await untilReadable('call_b');
    await untilReadable('srch_platform');
  });

  test('is shown from log and telemetry, each in its order', async () => {
    const lines = await shown();
    expect(names(lines).toSorted()).toEqual(['call_a', 'call_a', 'call_b', 'srch_a', 'srch_b', 'srch_platform']);
    expect(names(lines.filter(({ type }) => type === 'search.completed.v1'))).toEqual([
      'srch_a',
      'srch_b',
      'srch_platform',
    ]);
  });

  test.each<[string[], string[]]>([
    [
      ['--type', 'request.completed'],
      ['call_a', 'call_b'],
    ],
    [['--type', 'attempt.*'], ['call_a']],
    [
      ['--topic', 'uapi.search.v1'],
      ['srch_a', 'srch_b', 'srch_platform'],
    ],
    [['--topic', 'uapi.telemetry.v1', '--type', 'search.*'], []],
    [['--tenant', systemTenantId], ['srch_platform']],
    [['--subject', 'srch_b'], ['srch_b']],
    [['--from', '2100-01-01'], []],
  ])('is narrowed by %j', async (words, expected) => expect(names(await shown(...words))).toEqual(expected));

  test('is more than a page, each event once', async () => {
    for (let index = 0; index < 1_200; index += 1) attempt(`many_${index}`);
    await flush();
    await untilReadable('many_1199');
    const many = names(await shown('--type', 'attempt.completed')).filter((name) => String(name).startsWith('many_'));
    expect(many).toEqual(Array.from({ length: 1_200 }, (_, index) => `many_${index}`));
  });
});

describe('what happens from now on', () => {
  test('is shown as it happens, and nothing of before', async () => {
    search('srch_before');
    await flush();
    await untilReadable('srch_before');
    const end = new AbortController();
    const lines: Line[] = [];
    const ended = tailEvents(['--json', '--topic', 'uapi.search.v1'], {
      environment: { DATABASE_URL: home.url },
      write(line) {
        lines.push(JSON.parse(line) as Line);
        end.abort();
      },
      say: () => {},
      signal: end.signal,
    });
    // It is not known when it begins to look; so something goes on happening until it does.
    while (!end.signal.aborted) {
      search('srch_after');
      await flush();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await ended).toBe(0);
    expect(new Set(names(lines))).toEqual(new Set(['srch_after']));
  });

  test.each<[string, (child: ChildProcess) => void]>([
    ['a signal ends it', (child) => child.kill('SIGTERM')],
    ['the program that started it is gone', (child) => child.disconnect()],
  ])(
    'is shown by the program itself, until %s',
    async (end, endIt) => {
      const subject = `srch_${end.replaceAll(' ', '_')}`;
      const program = fileURLToPath(new URL('run-tail.ts', import.meta.url));
      const child = spawn(process.execPath, [program, '--from', '1h', '--subject', subject], {
        env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: home.url },
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      });
      const exit = once(child, 'exit');
      if (!child.stdout) throw new Error('the program has no output');
      const lines = createInterface({ input: child.stdout });
      search(subject);
      const [line] = (await once(lines, 'line')) as [string];
      expect(line).toMatch(new RegExp(`^\\S+Z search\\.completed\\.v1 tenant=\\S+ subject=${subject} \\{.*\\}$`));
      endIt(child);
      expect(await exit).toEqual([0, null]);
    },
    20_000,
  );
});

describe('the rights', () => {
  test('are those of a reader: nothing can be written', async () => {
    const database = openDatabase<unknown>({ url: asReader(home.url), role: 'events_ingest', poolSize: 1 });
    try {
      const write = database.instance((tx) =>
        sql`INSERT INTO events.dead_letters (id, consumer, reason, origin, topic, headers, bytes, error)
            VALUES (gen_random_uuid(), 'c', 'too_old', '{}', 't', '{}', '', '')`.execute(tx),
      );
      await expect(write).rejects.toMatchObject({ code: '25006' });
    } finally {
      await database.close();
    }
  });
});

describe('refused', () => {
  const end = async (words: string[], environment: object) => {
    const said: string[] = [];
    const parts = { write: () => {}, say: (line: string) => said.push(line), signal: new AbortController().signal };
    return [await tailEvents(words, { environment, ...parts }), said.join('\n')];
  };

  test('with a sentence: an odd word, no database, a database that is away', async () => {
    expect(await end(['--from', 'soon'], { DATABASE_URL: home.url })).toEqual([2, '--from: soon is no time']);
    expect(await end([], { DATA_DIR: '/nowhere' })).toEqual([2, expect.stringContaining('npm start')]);
    expect(await end([], { DATABASE_URL: 'postgresql://u@127.0.0.1:1/x' })).toEqual([
      1,
      'The events cannot be read: the database is away.',
    ]);
  });
});
