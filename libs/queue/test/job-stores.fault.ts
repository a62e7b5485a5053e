import { afterEach, describe, expect, test } from '@jest/globals';
import { prepareDatabase, startEmbeddedPostgres } from '@universal-api/database';
import { askRedis, type RedisServer, startRedis } from '@universal-api/infra';
import { silentLogger } from '@universal-api/logging';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  createBullmqJobQueue,
  createPostgresJobBackend,
  createRedisJobBackend,
  type JobQueue,
  type JobReport,
  migrateJobs,
  openJobPool,
  startTicker,
} from '../src/index.ts';
import { probeJob, until } from './probe-job.ts';

/** What a test opened, closed after it in reverse order. */
const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
}, 60_000);

const job = probeJob('uapi-probe-fault');
const prefix = 'fault';
/** The lock (10 s), the time between two looks for stalled runs (5 s), and the start of a process. */
const longestTakeOverMs = 17_000;
const longestReconnectMs = 4_000;

async function openRedis(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  open.push(() => server.stop());
  return server;
}

function redisQueue(url: string, report?: (report: JobReport) => void): JobQueue {
  const backend = createRedisJobBackend({ url, prefix, log: silentLogger });
  return own(createBullmqJobQueue({ backend, jobs: [job], drainMs: 1_000, ...(report ? { report } : {}) }));
}

function own(queue: JobQueue): JobQueue {
  open.push(() => queue.close());
  return queue;
}

/** An embedded PostgreSQL with the schema of jobs, that can be stopped and started again on its port. */
async function openPostgres() {
  const folder = mkdtempSync(join(tmpdir(), 'uapi-jobs-'));
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  let server = await startEmbeddedPostgres({ folder, port: 0 });
  const { port } = server;
  open.push(() => server.stop());
  const login = { login: 'uapi', password: 'fault-only-password', database: 'uapi' };
  const url = await prepareDatabase(server.adminUrl(), login);
  return {
    url,
    stop: () => server.stop(),
    async start() {
      server = await startEmbeddedPostgres({ folder, port });
    },
  };
}

function postgresQueue(url: string, report?: (report: JobReport) => void): JobQueue {
  const pool = openJobPool({ url, workers: 1 });
  open.push(() => pool.close());
  const backend = createPostgresJobBackend(pool);
  return own(createBullmqJobQueue({ backend, jobs: [job], drainMs: 1_000, ...(report ? { report } : {}) }));
}

/** A worker in a process of its own, once it is ready; `lines` is what it says. */
async function startWorker(environment: Record<string, string>): Promise<{ child: ChildProcess; lines: string[] }> {
  const file = fileURLToPath(new URL('./processes/worker.ts', import.meta.url));
  const env = { ...environment, QUEUE: job.queue.name, PREFIX: prefix };
  const child = spawn(process.execPath, [file], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  open.push(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  await until(() => lines.includes('ready'));
  return { child, lines };
}

/** Kills a worker in the middle of a run and gives back how long it took until another process had the run, ms. */
async function takeOver(environment: Record<string, string>, survivor: JobQueue): Promise<number> {
  const victim = await startWorker({ ...environment, HOLD: '1' });
  survivor.ring(job, 'ep_1');
  await until(() => victim.lines.includes('begin ep_1'));
  victim.child.kill('SIGKILL');
  const killedAt = performance.now();
  const second = await startWorker(environment);
  await until(() => second.lines.includes('begin ep_1'), 30_000);
  return performance.now() - killedAt;
}

describe('kill -9 of a worker', () => {
  test('Redis: its run begins in another process once its lock and a look for stalled ones are over', async () => {
    const { url } = await openRedis();
    const ringing = redisQueue(url);
    await ringing.start();
    const ms = await takeOver({ REDIS_URL: url }, ringing);
    process.stderr.write(`Redis: taken over ${(ms / 1_000).toFixed(1)} s after the kill\n`);
    expect(ms).toBeLessThan(longestTakeOverMs);
  }, 60_000);

  test('PostgreSQL: its run begins in another process once its lock and a look for stalled ones are over', async () => {
    const { url } = await openPostgres();
    await migrateJobs(url);
    const ringing = postgresQueue(url);
    await ringing.start();
    const ms = await takeOver({ DATABASE_URL: url }, ringing);
    process.stderr.write(`PostgreSQL: taken over ${(ms / 1_000).toFixed(1)} s after the kill\n`);
    expect(ms).toBeLessThan(longestTakeOverMs);
  }, 60_000);
});

describe('an emptied Redis', () => {
  test('loses rings, and the tick finds what they would have woken; no key runs twice at once', async () => {
    const server = await openRedis();
    const queue = redisQueue(server.url);
    const due = new Set<string>();
    const running = new Map<string, number>();
    let mostAtOnce = 0;
    queue.work(job, async ({ probe_id: key }) => {
      running.set(key, (running.get(key) ?? 0) + 1);
      mostAtOnce = Math.max(mostAtOnce, running.get(key) ?? 0);
      await setTimeout(20);
      running.set(key, (running.get(key) ?? 1) - 1);
      due.delete(key);
    });
    await queue.start();
    for (let round = 0; round < 5; round++) {
      for (let key = 0; key < 40; key++) {
        due.add(`ep_${round}_${key}`);
        queue.ring(job, `ep_${round}_${key}`);
      }
      await setTimeout(30);
      await flush(server);
    }
    expect(due.size).toBeGreaterThan(0);
    const ticker = startTicker({
      tasks: [{ name: 'redo', run: async () => due.forEach((key) => queue.ring(job, key)) }],
    });
    open.push(() => ticker.close());
    await until(() => due.size === 0, 30_000);
    expect(mostAtOnce).toBe(1);
  }, 60_000);
});

async function flush(server: RedisServer): Promise<void> {
  expect(await askRedis(server.port, 'FLUSHALL')).toBe('+OK');
}

describe('a store that is away when the process starts', () => {
  test('Redis: the start does not wait for it, readiness says so, and work begins once it is there', async () => {
    const server = await openRedis();
    await server.kill();
    const states: string[] = [];
    const queue = redisQueue(server.url, (report) => void (report.kind === 'store' && states.push(report.state)));
    const got: string[] = [];
    queue.work(job, async ({ probe_id: key }) => void got.push(key));
    await queue.start();
    await expect(queue.check()).rejects.toThrow('opening');
    queue.ring(job, 'lost');
    await server.restart();
    await until(() => states.includes('open'));
    await queue.check();
    queue.ring(job, 'ep_1');
    await until(() => got.includes('ep_1'));
    expect([states, got]).toEqual([['away', 'open'], ['ep_1']]);
  }, 60_000);

  test('PostgreSQL: the same', async () => {
    const server = await openPostgres();
    await migrateJobs(server.url);
    await server.stop();
    const states: string[] = [];
    const queue = postgresQueue(server.url, (report) => void (report.kind === 'store' && states.push(report.state)));
    const got: string[] = [];
    queue.work(job, async ({ probe_id: key }) => void got.push(key));
    await queue.start();
    await expect(queue.check()).rejects.toThrow('opening');
    queue.ring(job, 'lost');
    await server.start();
    await until(() => states.includes('open'));
    queue.ring(job, 'ep_1');
    await until(() => got.includes('ep_1'));
    expect([states, got]).toEqual([['away', 'open'], ['ep_1']]);
  }, 60_000);
});

describe('a store that goes away and comes back under a running queue', () => {
  /** Rings every 20 ms until a run begins; gives back how long that took, ms. */
  async function untilRuns(queue: JobQueue, runs: () => number): Promise<number> {
    const [startedAt, before] = [performance.now(), runs()];
    await until(() => {
      queue.ring(job, 'ep_1');
      return runs() > before;
    }, 30_000);
    return performance.now() - startedAt;
  }

  test('PostgreSQL: rings return at once meanwhile, few errors are told, and it works again soon after', async () => {
    const server = await openPostgres();
    await migrateJobs(server.url);
    let errors = 0;
    const queue = postgresQueue(
      server.url,
      (report) => void (errors += report.kind === 'store_error' ? report.count : 0),
    );
    let runs = 0;
    queue.work(job, async () => void runs++);
    await queue.start();
    await untilRuns(queue, () => runs);
    await server.stop();
    await setTimeout(2_000);
    const during = errors;
    queue.ring(job, 'ep_1');
    await expect(queue.check()).rejects.toThrow('away');
    await server.start();
    const ms = await untilRuns(queue, () => runs);
    await queue.check();
    process.stderr.write(
      `PostgreSQL: works again ${ms.toFixed(0)} ms after it accepts; ${during} errors in 2 s away\n`,
    );
    expect(during).toBeLessThan(100);
    expect(ms).toBeLessThan(5_000);
  }, 60_000);

  test('Redis: frozen, rings return at once and readiness fails; thawed, it works again', async () => {
    const server = await openRedis();
    const queue = redisQueue(server.url);
    let runs = 0;
    queue.work(job, async () => void runs++);
    await queue.start();
    await untilRuns(queue, () => runs);
    server.freeze();
    const startedAt = performance.now();
    for (let count = 0; count < 5_000; count++) queue.ring(job, `ep_${count}`);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await expect(queue.check()).rejects.toThrow('away');
    server.thaw();
    const ms = await untilRuns(queue, () => runs);
    await queue.check();
    process.stderr.write(`Redis: works again ${ms.toFixed(0)} ms after the thaw\n`);
  }, 60_000);

  test('Redis: killed and started again, it works again within the longest wait of a reconnect', async () => {
    const server = await openRedis();
    const queue = redisQueue(server.url);
    let runs = 0;
    queue.work(job, async () => void runs++);
    await queue.start();
    await untilRuns(queue, () => runs);
    await server.kill();
    await expect(queue.check()).rejects.toThrow('away');
    await server.restart();
    const ms = await untilRuns(queue, () => runs);
    process.stderr.write(`Redis: works again ${ms.toFixed(0)} ms after it accepts\n`);
    expect(ms).toBeLessThan(longestReconnectMs);
  }, 60_000);
});

describe('a store that must not be used', () => {
  test('a Redis that evicts keys ends the start with a sentence that names the setting', async () => {
    const { url } = await openRedis({ maxmemoryPolicy: 'allkeys-lru' });
    await expect(redisQueue(url).start()).rejects.toThrow('set maxmemory-policy to noeviction');
  }, 30_000);

  test('a full Redis takes no ring, and nothing else happens', async () => {
    const { url } = await openRedis({ maxmemory: '1mb' });
    const results: string[] = [];
    const queue = redisQueue(url, (report) => void (report.kind === 'wake' && results.push(report.result)));
    await queue.start();
    expect((await queue.describe()).state).toBe('open');
    queue.ring(job, 'ep_1');
    await until(() => results.length === 1);
    expect(results).toEqual(['failed']);
  }, 30_000);
});
