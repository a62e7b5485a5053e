import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrate, openDatabase, sql, type Database } from '@universal-api/database';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { processesIn } from './left-processes.ts';
import { choosePorts, end, endAll, readPostmaster, startProcess, type ProductProcess } from './product-process.ts';

const kills = process.env['FAULTS'] === 'short' ? 5 : 20;

let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'uapi-kill-')));
  environment = { ...(await choosePorts()), DATA_DIR: join(folder, 'data') };
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(
    join(folder, 'migrations/0001-numbers.sql'),
    'CREATE TABLE numbers (n integer PRIMARY KEY); GRANT USAGE ON SCHEMA probe TO probe_app; GRANT SELECT, INSERT ON numbers TO probe_app;',
  );
});
afterAll(() => {
  endAll();
  for (const pid of processesIn(folder)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** URL of the product's own login on the embedded server, wherever that listens now. */
function databaseUrl(): string {
  const data = environment['DATA_DIR'] ?? '';
  const { DATABASE_PASSWORD: password } = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as Record<
    string,
    string
  >;
  return `postgresql://uapi:${encodeURIComponent(password ?? '')}@127.0.0.1:${readPostmaster(data).port}/uapi`;
}

/** Pid in the lock file of PostgreSQL; NaN while there is none. */
function readPid(): number {
  try {
    return readPostmaster(environment['DATA_DIR'] ?? '').pid;
  } catch {
    return Number.NaN; // Between two servers.
  }
}

const openProbe = (): Database<object> => openDatabase<object>({ url: databaseUrl(), role: 'probe_app', poolSize: 1 });

/** Commits one number after the other until told to stop; remembers those that were acknowledged. */
function writeNumbers(database: Database<object>, from: number, acknowledged: Set<number>) {
  let isStopped = false;
  let lastError: unknown;
  const run = async () => {
    for (let n = from; !isStopped; n++) {
      try {
        await database.instance((tx) => sql`INSERT INTO numbers VALUES (${n})`.execute(tx));
        acknowledged.add(n);
      } catch (error) {
        lastError = error; // The server was killed: what was not acknowledged may be lost, so the next number it is.
        await setTimeout(20);
      }
    }
  };
  const running = run();
  return {
    /** Waits for so many more acknowledgements. */
    async untilMore(count: number) {
      const wanted = acknowledged.size + count;
      const until = Date.now() + 20_000;
      while (acknowledged.size < wanted) {
        if (Date.now() > until) throw new Error('no row was acknowledged for 20 s', { cause: lastError });
        await setTimeout(5);
      }
    },
    async stop() {
      isStopped = true;
      await running;
      await database.close();
    },
  };
}

/** Keeps asking until told to stop, so that the kill comes under load. */
function keepAsking(url: string) {
  let isStopped = false;
  const worker = async () => {
    while (!isStopped)
      await fetch(`${url}/api/v1/geocoding/forward?address=Lyon`).then(
        (r) => r.text(),
        () => setTimeout(20),
      );
  };
  const workers = [worker(), worker(), worker(), worker()];
  return async () => {
    isStopped = true;
    await Promise.all(workers);
  };
}

describe('kill -9 under load', () => {
  test(`${kills} times, every fourth time PostgreSQL too: the next start works, and no acknowledged row is gone`, async () => {
    const acknowledged = new Set<number>();
    let product: ProductProcess = await startProcess(environment);
    await migrate(databaseUrl(), [{ schema: 'probe', migrations: pathToFileURL(`${folder}/migrations/`) }]);
    for (let round = 1; round <= kills; round++) {
      const stopAsking = keepAsking(product.url);
      const writer = writeNumbers(openProbe(), round * 1_000_000, acknowledged);
      const before = acknowledged.size;
      while (acknowledged.size < before + 20) await setTimeout(5);
      const postmaster = readPostmaster(environment['DATA_DIR'] ?? '').pid;
      await end(product, 'SIGKILL');
      if (round % 4 === 0) process.kill(postmaster, 'SIGKILL');
      await writer.stop();
      await stopAsking();
      product = await startProcess(environment);
    }
    const database = openProbe();
    const { rows } = await database.instance((tx) => sql<{ n: number }>`SELECT n FROM numbers`.execute(tx));
    await database.close();
    const stored = new Set(rows.map(({ n }) => n));
    expect([...acknowledged].filter((n) => !stored.has(n))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(kills * 20);

    await end(product, 'SIGINT');
    expect(product.child.exitCode).toBe(0);
    expect(processesIn(folder)).toEqual([]);
  }, 600_000);

  test('PostgreSQL alone, twice: the product starts it again each time and answers as before', async () => {
    const product = await startProcess(environment);
    const first = readPostmaster(environment['DATA_DIR'] ?? '').pid;
    process.kill(first, 'SIGKILL');
    // The second comes as soon as there is a new one, before anybody can have seen that all is well again.
    let second = first;
    while (second === first || Number.isNaN(second)) {
      await setTimeout(5);
      second = readPid();
    }
    process.kill(second, 'SIGKILL');
    const key = 'uapi_live_';
    expect(product.output()).not.toContain(key); // The key was shown at the first start and never again.
    const until = Date.now() + 30_000;
    let isBack = false;
    while (!isBack && Date.now() < until) {
      await setTimeout(200);
      if (Number.isNaN(readPid()) || readPid() === second) continue;
      const database = openProbe();
      isBack = await database.ping().then(
        () => true,
        () => false,
      );
      await database.close();
    }
    expect(isBack).toBe(true);
    await end(product, 'SIGINT');
    expect(processesIn(folder)).toEqual([]);
  }, 60_000);
});
