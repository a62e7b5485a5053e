import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { withClient } from '../../with-client.ts';
import { findEmbeddedPort } from '../find-embedded-port.ts';
import { postgresMajor } from '../postgres-binaries.ts';
import { findProcesses, signal } from '../processes/find-processes.ts';
import { startEmbeddedPostgres } from '../start-embedded-postgres.ts';
import { waitUntil } from '../wait-until.ts';

const hostFile = fileURLToPath(new URL('../../../test/embedded-host.ts', import.meta.url));
const root = realpathSync(mkdtempSync(join(tmpdir(), 'uapi-twin-')));
const refuse = async () => false;
const allow = async () => true;
const oneSentence = /^[^\n]+\.$/;
const deadlineMs = 10_000;

/** Only root has a twin: its files have to be root's and its server runs as another user. */
const isRoot = process.getuid?.() === 0;
const storiesOfRoot = isRoot ? describe : describe.skip;

/** The name of the layout before `pg.home`, for a data folder at this path. */
const oldTwinOf = (folder: string) =>
  `/var/tmp/universal-api-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
const textOf = (...path: string[]) => readFileSync(join(...path), 'utf8');

const twinsOf = (folder: string) =>
  readdirSync('/var/tmp')
    .filter((name) => name.startsWith('universal-api-'))
    .map((name) => join('/var/tmp', name))
    .filter((twin) => existsSync(join(twin, 'pg.folder')) && textOf(twin, 'pg.folder').startsWith(folder));
const namedTwins = () =>
  readdirSync(root)
    .flatMap((name) => ['pg.home', 'pg.home.next'].map((file) => join(root, name, file)))
    .filter((file) => existsSync(file))
    .map((file) => textOf(file))
    .filter((twin) => twin.startsWith('/var/tmp/universal-api-'));

/** Runs the server of a folder, without namespaces, for as long as `use` takes. */
async function during<T>(folder: string, use: (url: string) => Promise<T>, probe = refuse) {
  const postgres = await startEmbeddedPostgres({ folder, port: 0 }, probe);
  try {
    return await use(postgres.adminUrl());
  } finally {
    await postgres.stop();
  }
}

const ask = (url: string, text: string) =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(text)).rows);
const keepOne = (url: string) => ask(url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
const countKept = async (url: string) => (await ask(url, 'SELECT count(*)::int AS n FROM kept'))[0]?.['n'];
const countTables = async (url: string) =>
  (await ask(url, `SELECT count(*)::int AS n FROM pg_class WHERE relname = 'kept'`))[0]?.['n'];

async function refusalOf(folder: string, probe = refuse): Promise<string> {
  const thrown: unknown = await during(folder, async () => 'not refused', probe).catch((error: unknown) => error);
  if (!AppError.is(thrown)) throw new Error(String(thrown));
  expect(thrown.code).toBe('service_unavailable');
  expect(thrown.message).toMatch(oneSentence);
  return thrown.message;
}

/** A data folder as a first start that was killed left it. */
function folderWith(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  mkdirSync(folder, { mode: 0o700 });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text, { mode: 0o600 });
  return folder;
}

/** A name that no other test has. */
const fresh = (name: string) => oldTwinOf(join(root, name, 'fresh'));

function halfMade(twin: string): string {
  mkdirSync(join(twin, 'pg.new', 'base'), { recursive: true });
  writeFileSync(join(twin, 'pg.new', 'PG_VERSION'), postgresMajor);
  writeFileSync(join(twin, 'pg.folder.new'), '/half');
  return twin;
}

const extra: string[] = [];
const hosts: ChildProcess[] = [];

afterAll(async () => {
  for (const host of hosts) if (host.exitCode === null && host.signalCode === null) await kill(host);
  for (const twin of new Set([...twinsOf(`${root}/`), ...namedTwins(), ...extra])) {
    if (!existsSync(twin)) continue;
    const { ofServer, ofInit } = findProcesses(twin);
    for (const pid of [...ofServer, ...ofInit]) signal(pid, 'SIGKILL');
    rmSync(twin, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  rmSync(root, { recursive: true, force: true });
});

storiesOfRoot('ok', () => {
  let folder = join(root, 'first');
  let twin = '';

  beforeAll(async () => {
    extra.push(oldTwinOf(folder));
    await during(folder, keepOne);
    twin = textOf(folder, 'pg.home');
  }, 20_000);

  test('the data folder names its twin, and the twin names the data folder', () => {
    expect(twin).toMatch(/^\/var\/tmp\/universal-api-[0-9a-f]{16}$/);
    expect(twin).not.toBe(oldTwinOf(folder));
    expect(textOf(twin, 'pg.folder')).toBe(folder);
    expect(readdirSync(folder).toSorted()).toEqual(['pg.home', 'pg.log', 'pg.secret']);
    expect(statSync(join(folder, 'pg.home')).mode & 0o777).toBe(0o600);
  });

  test('the server runs as nobody, who may enter the twin and change nothing of it but the cluster', () => {
    expect(statSync(twin)).toMatchObject({ uid: 0 });
    expect(statSync(twin).mode & 0o777).toBe(0o711);
    expect(statSync(join(twin, 'pg'))).toMatchObject({ uid: 65_534 });
    expect(existsSync(join(twin, 'pg.init'))).toBe(false);
  });

  test('the next start finds its data there, although namespaces are allowed by then', async () => {
    expect(await during(folder, countKept, allow)).toBe(1);
    expect(existsSync(join(folder, 'pg'))).toBe(false);
    expect(findProcesses(twin).ofServer).toEqual([]);
  }, 20_000);

  test('the port of a running server is found from outside', async () => {
    expect(await during(folder, async (url) => Number(new URL(url).port) - (findEmbeddedPort(folder) ?? 0))).toBe(0);
  }, 20_000);

  test('a moved data folder keeps its data', async () => {
    const moved = join(root, 'moved');
    extra.push(oldTwinOf(moved));
    renameSync(folder, moved);
    folder = moved;
    expect(await during(folder, countKept)).toBe(1);
    expect(textOf(twin, 'pg.folder')).toBe(moved);
  }, 20_000);

  test('killed when the cluster was whole and not yet named for good: the next start goes on with it', async () => {
    renameSync(join(folder, 'pg.home'), join(folder, 'pg.home.next'));
    expect(await during(folder, countKept)).toBe(1);
    expect(textOf(folder, 'pg.home')).toBe(twin);
    expect(existsSync(join(folder, 'pg.home.next'))).toBe(false);
  }, 20_000);

  test('a copied data folder is refused while the other one is there, and goes on when that one is gone', async () => {
    const copy = join(root, 'copy');
    extra.push(oldTwinOf(copy));
    cpSync(folder, copy, { recursive: true });
    const sentence = await refusalOf(copy);
    for (const path of [copy, folder, twin]) expect(sentence).toContain(path);
    expect(await during(folder, countKept)).toBe(1);

    rmSync(folder, { recursive: true });
    folder = copy;
    expect(await during(folder, countKept)).toBe(1);
    expect(textOf(twin, 'pg.folder')).toBe(copy);
  }, 20_000);

  test('a folder of the old layout is adopted, and may be moved from then on', async () => {
    const old = oldTwinOf(folder);
    renameSync(twin, old);
    for (const file of [join(old, 'pg.folder'), join(folder, 'pg.home')]) rmSync(file);
    twin = old;
    expect(await during(folder, countKept, allow)).toBe(1);
    expect(textOf(folder, 'pg.home')).toBe(old);
    expect(textOf(old, 'pg.folder')).toBe(folder);

    const later = join(root, 'later');
    renameSync(folder, later);
    folder = later;
    expect(await during(folder, countKept)).toBe(1);
  }, 20_000);

  test('a lost twin is refused with and without namespaces, and served again once it is put back', async () => {
    const away = `${twin}-away`;
    extra.push(away);
    renameSync(twin, away);
    for (const probe of [refuse, allow]) {
      const sentence = await refusalOf(folder, probe);
      for (const part of [folder, twin, 'pg.home']) expect(sentence).toContain(part);
    }
    mkdirSync(twin);
    expect(await refusalOf(folder)).toContain(twin);
    rmSync(twin, { recursive: true });
    renameSync(away, twin);
    expect(await during(folder, countKept)).toBe(1);
  }, 20_000);

  test('a deleted data folder: the next start is a clean first start, and the old twin is left alone', async () => {
    rmSync(folder, { recursive: true });
    expect(await during(folder, countTables)).toBe(0);
    expect(textOf(folder, 'pg.home')).not.toBe(twin);
    expect(existsSync(join(twin, 'pg', 'PG_VERSION'))).toBe(true);
  }, 20_000);
});

storiesOfRoot('a first start that was killed is begun again', () => {
  const planned = (name: string) => ({ 'pg.home.next': fresh(name) });

  test.each([
    ['while the name was written', 'k1', () => ({ 'pg.home.next.new': '/var/tmp/univ' })],
    ['when only the name was written', 'k2', () => planned('k2')],
    ['when the twin was made', 'k3', () => (mkdirSync(fresh('k3')), planned('k3'))],
    ['inside initdb', 'k4', () => (halfMade(fresh('k4')), { ...planned('k4'), 'pg.secret': 'secret' })],
    ['inside initdb, old layout', 'k5', () => (halfMade(oldTwinOf(join(root, 'k5'))), { 'pg.secret': 'secret' })],
    [
      'in the folder itself, where namespaces are refused now',
      'k6',
      () => ({ 'pg.home.next': '.', 'pg.secret': 'secret' }),
    ],
  ] as const)(
    '%s',
    async (_when, name, makeFiles) => {
      extra.push(fresh(name), oldTwinOf(join(root, name)));
      const folder = folderWith(name, makeFiles());
      await during(folder, keepOne);
      expect(await during(folder, countKept)).toBe(1);
      const twin = textOf(folder, 'pg.home');
      expect(textOf(twin, 'pg.folder')).toBe(folder);
      expect(existsSync(join(twin, 'pg.new'))).toBe(false);
      expect(readdirSync(folder).filter((file) => file.startsWith('pg.home.next'))).toEqual([]);
    },
    20_000,
  );

  test('for real: after its twin was made, again and again, until it is let through', async () => {
    const folder = join(root, 'real');
    const twin = () => textOf(folder, 'pg.home.next');
    const steps = [
      () => existsSync(join(folder, 'pg.home.next')),
      () => existsSync(join(twin(), 'pg.folder')),
      () => existsSync(join(folder, 'pg.secret')),
      () => existsSync(join(twin(), 'pg.new', 'base')),
    ];
    for (const isReached of steps) {
      const host = spawnHost(folder);
      expect(await waitUntil(isReached, deadlineMs)).toBe(true);
      await kill(host);
    }
    await during(folder, keepOne);
    expect(await during(folder, countKept)).toBe(1);
    expect(twinsOf(folder)).toEqual([textOf(folder, 'pg.home')]);
  }, 30_000);

  test('in the folder itself, just before its cluster: begun there again', async () => {
    const folder = folderWith('here', { 'pg.home.next': '.', 'pg.secret': 'secret' });
    await during(folder, keepOne, allow);
    expect(readdirSync(folder).toSorted()).toEqual(['pg', 'pg.log', 'pg.secret']);
  }, 20_000);
});

storiesOfRoot('refused in one sentence', () => {
  test.each([refuse, allow])('a folder of the old layout that was moved, and nothing is made (%#)', async (probe) => {
    const folder = folderWith(`old-${probe === refuse}`, { 'pg.secret': 'secret', 'pg.log': '' });
    extra.push(oldTwinOf(folder));
    const sentence = await refusalOf(folder, probe);
    expect(sentence).toContain(join(folder, 'pg.secret'));
    expect(readdirSync(folder).toSorted()).toEqual(['pg.log', 'pg.secret']);
    expect(existsSync(oldTwinOf(folder))).toBe(false);
  });

  test.each(['pg.home', 'pg.home.next'])('a twin that somebody else made (%s)', async (file) => {
    const folder = folderWith(`planted-${file}`, { [file]: fresh(`planted-${file}`), 'pg.secret': 'secret' });
    const twin = fresh(`planted-${file}`);
    extra.push(twin);
    mkdirSync(join(twin, 'pg'), { recursive: true });
    chownSync(twin, 65_534, 65_534);
    expect(await refusalOf(folder)).toContain('it belongs to somebody else');
    expect(existsSync(join(twin, 'pg.folder'))).toBe(false);
  });
});

describe('as an ordinary user', () => {
  test('a folder whose database only root can run is refused, and gets no empty one', async () => {
    const folder = folderWith('of-root', { 'pg.home': fresh('of-root'), 'pg.secret': 'secret' });
    const host = spawnHost(folder, isRoot ? ['unshare', '--user', '--map-user=65534', '--map-group=65534'] : []);
    if (host.stdout === null) throw new Error('the host has no output');
    const [line] = await once(createInterface(host.stdout), 'line');
    const { refusal: sentence } = JSON.parse(String(line));
    expect(sentence).toMatch(oneSentence);
    expect(sentence).toContain('start as root');
    expect(readdirSync(folder).toSorted()).toEqual(['pg.home', 'pg.secret']);
  });
});

function spawnHost(data: string, prefix: readonly string[] = []): ChildProcess {
  const [command = '', ...words] = [...prefix, process.execPath, hostFile, data, '0', 'no-namespace'];
  const host = spawn(command, words, { env: { PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'pipe', 'inherit'] });
  hosts.push(host);
  return host;
}

async function kill(host: ChildProcess): Promise<void> {
  const ended = once(host, 'exit');
  host.kill('SIGKILL');
  await ended;
}
