import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { withClient } from '../with-client.ts';
import { loadBinaries, postgresMajor } from './postgres-binaries.ts';
import { findProcesses, isAlive, signal } from './processes/find-processes.ts';
import { readPostmasterFile } from './processes/postmaster-file.ts';
import { chooseAccount } from './server-account.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';
import { waitUntil } from './wait-until.ts';

const hostFile = fileURLToPath(new URL('../../test/embedded-host.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
const asOrdinaryUser = isRoot ? ['unshare', '--user', '--map-user=65534', '--map-group=65534'] : [];
const deadlineMs = 10_000;

const root = mkdtempSync(join(tmpdir(), 'uapi-embedded-'));
chmodSync(root, 0o700);
const folder = join(root, 'main');

afterAll(() => {
  for (const name of ['main', 'killed', 'user']) {
    if (!existsSync(join(root, name))) continue;
    const { ofServer, ofInit } = findProcesses(join(root, name));
    for (const pid of [...ofServer, ...ofInit]) signal(pid, 'SIGKILL');
  }
  rmSync(root, { recursive: true, force: true });
});

function spawnHost(data: string, prefix: readonly string[] = []): ChildProcess {
  const [command = '', ...args] = [...prefix, process.execPath, hostFile, data];
  // No LANG, no HOME: what a bare service manager hands on.
  return spawn(command, args, { env: { PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstLine(host: ChildProcess): Promise<{ adminUrl: string; port: number; refusal: string }> {
  if (host.stdout === null) throw new Error('the host has no output');
  const [line] = await once(createInterface(host.stdout), 'line');
  return JSON.parse(String(line));
}

async function kill(host: ChildProcess): Promise<void> {
  const ended = once(host, 'exit');
  host.kill('SIGKILL');
  await ended;
}

/** What has ended is gone once Node has reaped it, a moment later. */
const hasEnded = (pid: number) => waitUntil(() => !isAlive(pid), deadlineMs);

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query<Record<string, unknown>>(text)).rows);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

const countRows = async (url: string) => (await ask(url, 'SELECT count(*)::int AS n FROM kept'))[0]?.['n'];

async function refusalOf(start: Promise<unknown>): Promise<string> {
  const error = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!AppError.is(error)) throw new Error(`not refused: ${String(error)}`);
  expect(error.code).toBe('service_unavailable');
  return error.message;
}

/** A cluster with one row, stopped: what the tests after it find. */
beforeAll(async () => {
  mkdirSync(join(folder, 'pg.new', 'base'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'pg.new', 'PG_VERSION'), postgresMajor);
  const postgres = await startEmbeddedPostgres({ folder, port: 0 });
  await ask(postgres.adminUrl(), 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
  await postgres.stop();
}, 20_000);

describe('ok', () => {
  test('a half-made cluster is made anew, whole, with its password and log for us alone', () => {
    expect(existsSync(join(folder, 'pg.new'))).toBe(false);
    expect(existsSync(join(folder, 'pg.init'))).toBe(false);
    expect(readFileSync(join(folder, 'pg', 'PG_VERSION'), 'utf8').trim()).toBe(postgresMajor);
    for (const file of ['pg.secret', 'pg.log']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  test('rows survive a stop and a start; text is UTF-8; after the stop nothing of it is left', async () => {
    const told: string[] = [];
    const postgres = await startEmbeddedPostgres({ folder, port: 0, log: (message) => told.push(message) });
    expect(await countRows(postgres.adminUrl())).toBe(1);
    const [text] = await ask(
      postgres.adminUrl(),
      `SELECT current_setting('server_encoding') AS encoding, lower('É') AS lower, ('"\\u00e9"'::jsonb)::text AS json,
              current_setting('TimeZone') AS zone, current_setting('fsync') AS fsync`,
    );
    expect(text).toEqual({ encoding: 'UTF8', lower: 'é', json: '"é"', zone: 'UTC', fsync: 'on' });
    await Promise.all([postgres.stop(), postgres.stop()]);
    expect(findProcesses(folder).ofServer).toEqual([]);
    expect(existsSync(join(folder, 'pg', 'postmaster.pid'))).toBe(false);
    expect(told).toEqual(['embedded PostgreSQL started', 'embedded PostgreSQL stopped']);
  });

  test('the log keeps no statement and no value of a row', async () => {
    const postgres = await startEmbeddedPostgres({ folder, port: 0 });
    await ask(postgres.adminUrl(), 'CREATE TABLE once (word text PRIMARY KEY)');
    const twice = `INSERT INTO once VALUES ('canary-7f3a'), ('canary-7f3a')`;
    await expect(ask(postgres.adminUrl(), twice)).rejects.toThrow(/duplicate key/);
    await postgres.stop();
    const log = readFileSync(join(folder, 'pg.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('canary-7f3a');
  });

  test('one that ends with us has as many connections as asked for, and does not go on with one of an earlier run', async () => {
    const left = await startEmbeddedPostgres({ folder, port: 0 });
    const own = await startEmbeddedPostgres({ folder, port: 0, maxConnections: 123, endsWithUs: true });
    expect(own.pid).not.toBe(left.pid);
    expect(await hasEnded(left.pid)).toBe(true);
    expect(await ask(own.adminUrl(), 'SHOW max_connections')).toEqual([{ max_connections: '123' }]);
    await own.stop();
    expect(await hasEnded(own.pid)).toBe(true);
  });

  test('an ordinary user runs it as himself', async () => {
    const host = spawnHost(join(root, 'user'), asOrdinaryUser);
    const { adminUrl } = await firstLine(host);
    expect(await ask(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const ended = once(host, 'exit');
    host.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(findProcesses(join(root, 'user')).ofServer).toEqual([]);
  }, 20_000);
});

describe('left over from an earlier run', () => {
  test('a server that outlived the kill of its app is adopted: same pid, same port, every row', async () => {
    const host = spawnHost(folder);
    const { adminUrl, port } = await firstLine(host);
    await ask(adminUrl, 'INSERT INTO kept VALUES (2)');
    const pid = readPostmasterFile(folder)?.pid;
    await kill(host);

    const told: string[] = [];
    const postgres = await startEmbeddedPostgres({ folder, port: 0, log: (message) => told.push(message) });
    expect(told).toEqual(['embedded PostgreSQL adopted']);
    expect(postgres.port).toBe(port);
    expect(readPostmasterFile(folder)?.pid).toBe(pid);
    expect(await countRows(postgres.adminUrl())).toBe(2);
    await postgres.stop();
    expect(findProcesses(folder).ofServer).toEqual([]);
  }, 20_000);

  test('a living server on another port than the wanted one is stopped and started there', async () => {
    const first = await startEmbeddedPostgres({ folder, port: 0 });
    const before = readPostmasterFile(folder)?.pid;
    const port = await freePort();

    const second = await startEmbeddedPostgres({ folder, port });
    expect(second.port).toBe(port);
    expect(second.port).not.toBe(first.port);
    expect(readPostmasterFile(folder)?.pid).not.toBe(before);
    expect(await countRows(second.adminUrl())).toBe(2);
    await second.stop();
  }, 20_000);

  test('app and server killed while a backend is busy: the backend is ended too, every row is there', async () => {
    const host = spawnHost(folder);
    const { adminUrl } = await firstLine(host);
    await ask(adminUrl, 'INSERT INTO kept VALUES (3)');
    const endless = ask(adminUrl, 'SELECT count(*) FROM generate_series(1, 1000000000000) a WHERE a % 2 = 3').catch(
      () => 'cut',
    );
    const isBusy = async () =>
      (
        await ask(
          adminUrl,
          `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%a % 2%' AND pid <> pg_backend_pid()`,
        )
      ).length > 0;
    expect(await waitUntil(isBusy, deadlineMs)).toBe(true);
    const postmaster = readPostmasterFile(folder)?.pid ?? 0;
    await kill(host);
    signal(postmaster, 'SIGKILL');
    expect(await waitUntil(() => !findProcesses(folder).ofServer.includes(postmaster), deadlineMs)).toBe(true);
    expect(findProcesses(folder).ofServer.length).toBeGreaterThan(0);

    const postgres = await startEmbeddedPostgres({ folder, port: 0 });
    expect(await endless).toBe('cut');
    expect(await countRows(postgres.adminUrl())).toBe(3);
    await postgres.stop();
  }, 20_000);

  test('a killed server that nobody reaps, a zombie with its lock file, is no obstacle', async () => {
    const account = await chooseAccount(folder, await loadBinaries());
    const port = String(await freePort());
    const options = ['-D', 'pg', '-p', port, '-h', '127.0.0.1', '-k', ''];
    const [command, words] = account.command(account.binaries.postgres, options);
    // The shell becomes a sleeper that never asks for the end of its child.
    const keeper = spawn('sh', ['-c', '"$@" & exec sleep 60', 'sh', command, ...words], {
      ...account.spawnOptions,
      stdio: 'ignore',
    });
    expect(await waitUntil(() => readPostmasterFile(account.home)?.status === 'ready', deadlineMs)).toBe(true);
    const pid = readPostmasterFile(account.home)?.pid ?? 0;
    signal(pid, 'SIGKILL');
    expect(await waitUntil(() => findProcesses(folder).ofServer.length === 0, deadlineMs)).toBe(true);
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(join(account.home, 'pg', 'postmaster.pid'))).toBe(true);

    const postgres = await startEmbeddedPostgres({ folder, port: 0 });
    expect(await countRows(postgres.adminUrl())).toBe(3);
    await postgres.stop();
    await kill(keeper);
  }, 20_000);

  test('a lock file whose pid belongs to another program now is no obstacle, and that program lives on', async () => {
    const stranger = spawn('sleep', ['60'], { cwd: root });
    await once(stranger, 'spawn');
    writeFileSync(join(folder, 'pg', 'postmaster.pid'), `${stranger.pid}\n/x\n1\n5999\n\n127.0.0.1\n1 1\nready   \n`);
    const postgres = await startEmbeddedPostgres({ folder, port: 0 });
    expect(await countRows(postgres.adminUrl())).toBe(3);
    await postgres.stop();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    await kill(stranger);
  }, 20_000);

  test('app killed inside initdb, and again just as the server starts: the next start is a first start', async () => {
    const data = join(root, 'killed');
    const first = spawnHost(data);
    expect(await waitUntil(() => existsSync(join(data, 'pg.new', 'base')), deadlineMs)).toBe(true);
    await kill(first);
    const second = spawnHost(data);
    expect(await waitUntil(() => existsSync(join(data, 'pg')), deadlineMs)).toBe(true);
    await kill(second);

    const postgres = await startEmbeddedPostgres({ folder: data, port: 0 });
    expect(await ask(postgres.adminUrl(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
    expect(findProcesses(data)).toEqual({ ofServer: [], ofInit: [] });
    expect(existsSync(join(data, 'pg.new'))).toBe(false);
  }, 20_000);
});

describe('refused in one sentence', () => {
  const oneSentence = /^[^\n]+\.$/;

  test('data of another major version, which stays as it is', async () => {
    const old = join(root, 'old');
    mkdirSync(join(old, 'pg'), { recursive: true });
    writeFileSync(join(old, 'pg', 'PG_VERSION'), '17\n');
    const sentence = await refusalOf(startEmbeddedPostgres({ folder: old, port: 0 }));
    expect(sentence).toMatch(oneSentence);
    expect(sentence).toContain('is of PostgreSQL 17, this version runs 18');
    expect(readFileSync(join(old, 'pg', 'PG_VERSION'), 'utf8')).toBe('17\n');
  });

  test('a folder named pg that is no cluster, which stays as it is', async () => {
    const other = join(root, 'other');
    mkdirSync(join(other, 'pg'), { recursive: true });
    writeFileSync(join(other, 'pg', 'thesis.txt'), 'years of work');
    expect(await refusalOf(startEmbeddedPostgres({ folder: other, port: 0 }))).toMatch(
      /is not a PostgreSQL data folder/,
    );
    expect(existsSync(join(other, 'pg', 'thesis.txt'))).toBe(true);
  });

  test('a folder that cannot be written', async () => {
    const data = join(root, 'closed');
    mkdirSync(data, { mode: 0o500 });
    const host = spawnHost(data, asOrdinaryUser);
    const { refusal } = await firstLine(host);
    expect(refusal).toMatch(oneSentence);
    expect(refusal).toContain(`${data} cannot be written (EACCES)`);
  });

  test('a port that another program has', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const sentence = await refusalOf(startEmbeddedPostgres({ folder, port }));
    expect(sentence).toBe(`Port ${port} on 127.0.0.1, meant for PostgreSQL, is in use by another program.`);
    taken.close();
  });

  test('a cluster whose password file is gone', async () => {
    const lost = join(root, 'lost');
    mkdirSync(join(lost, 'pg'), { recursive: true });
    writeFileSync(join(lost, 'pg', 'PG_VERSION'), `${postgresMajor}\n`);
    expect(await refusalOf(startEmbeddedPostgres({ folder: lost, port: 0 }))).toMatch(/pg\.secret is gone/);
  });
});
