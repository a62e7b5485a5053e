import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '@universal-api/database';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLogEventBus } from '../src/log/index.ts';
import { createEventFixture, type EventFixture } from './event-fixture.ts';

const runMs = process.env['FAULTS'] === 'short' ? 6_000 : 60_000;
const killEveryMs = 2_000;

let fixture: EventFixture;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  fixture = await createEventFixture();
}, 30_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await fixture.test.drop();
});

function start(program: 'log-writer' | 'log-reader'): ChildProcess {
  const file = fileURLToPath(new URL(`./processes/${program}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file], {
    env: { DATABASE_URL: fixture.test.url },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Every commit that a writer was told of, as `subject n`. */
const acknowledged: string[] = [];
function startWriter(): ChildProcess {
  const child = start('log-writer');
  if (child.stdout) createInterface(child.stdout).on('line', (line) => acknowledged.push(line));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) throw new Error('a process had ended by itself');
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await gone;
}

interface Logged {
  readonly position: bigint;
  readonly subject: string;
  readonly n: number;
}

const logged = () =>
  fixture.ingest.instance(async (tx) => {
    const { rows } =
      await sql<Logged>`SELECT position, subject, (data->>'ms')::int AS n FROM events.log ORDER BY position`.execute(
        tx,
      );
    return rows;
  });

/** Numbers by subject, in the order of the rows. */
function bySubject(rows: readonly { readonly subject: string | null; readonly n: number }[]) {
  const numbers: Record<string, number[]> = {};
  for (const { subject, n } of rows) (numbers[subject ?? ''] ??= []).push(n);
  return numbers;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await setTimeout(50)) if (await condition()) return;
  throw new Error('what was waited for did not happen in a minute');
}

describe('kill -9 of a writer or a reader every 2 s, at 200 events a second', () => {
  test('every committed event is read once per position, in order per subject, by the killed group and by another', async () => {
    const seen: Logged[] = [];
    const second = createLogEventBus({
      database: fixture.test.database<unknown>('probe_ingest'),
      owner: 'second',
    }).subscribe({
      group: 'second',
      topics: ['uapi.search.v1'],
      handle: async (_tx, events) =>
        void seen.push(
          ...events.map(({ position, subject = '', data }) => ({ position, subject, n: Number(data['ms']) })),
        ),
    });
    let [writer, reader] = [startWriter(), start('log-reader')];
    for (let killed = 0, end = Date.now() + runMs; Date.now() < end; killed++) {
      await setTimeout(killEveryMs);
      if (killed % 2 === 0) {
        await kill(writer);
        writer = startWriter();
      } else {
        await kill(reader);
        reader = start('log-reader');
      }
    }
    // Gives the last of them the time to begin; then no more is written, and the readers come to the end.
    const before = acknowledged.length;
    await until(() => acknowledged.length > before + 100);
    await kill(writer);
    await until(async () => (await fixture.effectsOf('killed')).length >= (await logged()).length);
    await until(async () => seen.length >= (await logged()).length);
    await kill(reader);
    await second.stop();

    const all = await logged();
    expect(all.length).toBeGreaterThan((runMs / 1_000) * 100);
    const committed = new Set(all.map(({ subject, n }) => `${subject} ${n}`));
    expect(acknowledged.filter((line) => !committed.has(line))).toEqual([]);
    const wanted = bySubject(all);
    for (const numbers of Object.values(wanted)) expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(seen.map(({ position }) => position).sort((a, b) => (a < b ? -1 : 1))).toEqual(
      all.map(({ position }) => position),
    );
    expect(bySubject(seen)).toEqual(wanted);
    expect(bySubject(await fixture.effectsOf('killed'))).toEqual(wanted);
  }, 240_000);
});
