import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processesIn } from './left-processes.ts';
import { choosePorts, end, endAll, launch, startProcess, type ProductProcess } from './product-process.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let folder: string;
let environment: Record<string, string>;
let product: ProductProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'uapi-start-'));
  chmodSync(folder, 0o700);
  environment = { ...(await choosePorts()), DATA_DIR: join(folder, 'data'), LANG: '', LC_ALL: '' };
  product = await startProcess(environment);
}, 60_000);
afterAll(async () => {
  await end(product, 'SIGINT');
  endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a start that is meant to be refused. */
function refused(variables: Record<string, string>) {
  const { status, stderr } = spawnSync(process.execPath, [main], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, NODE_OPTIONS: '', UAPI_EGRESS: 'none', ...environment, ...variables },
  });
  return { status, lines: stderr.trim().split('\n') };
}

describe('Ctrl-C while everything starts', () => {
  test.each(['Starting PostgreSQL', 'Starting the services'])(
    'at "%s" leaves nothing running',
    async (moment) => {
      const data = join(realpathSync(folder), moment.replaceAll(' ', '-'));
      const starting = launch({ ...(await choosePorts()), DATA_DIR: data }, [process.execPath, main]);
      while (!starting.output().includes(moment)) await setTimeout(5);
      await end(starting, 'SIGINT');
      expect(starting.output()).toContain('Stopped while starting.');
      expect(processesIn(data)).toEqual([]);
    },
    60_000,
  );
});

describe('a start that cannot be', () => {
  test('a second one in the same folder ends with one sentence and changes nothing for the first', async () => {
    const { status, lines } = refused({});
    expect([status, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toContain(`already runs in this folder (pid ${product.child.pid}) at ${product.url}`);
    expect((await fetch(`${product.url}/api/v1/countries/PE`)).status).toBe(200);
  });

  test('one in another folder on the same port ends with one sentence, before it makes a database', () => {
    const { status, lines } = refused({ DATA_DIR: join(folder, 'other') });
    expect([status, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toContain(`Port ${environment['PORT']} on 127.0.0.1 is in use by another program`);
  });

  test('a data folder that cannot be made, and one of another PostgreSQL, end with one sentence each', async () => {
    const ports = await choosePorts();
    writeFileSync(join(folder, 'file'), '');
    const unwritable = refused({ ...ports, DATA_DIR: join(folder, 'file/data') });
    expect([unwritable.status, unwritable.lines.length]).toEqual([1, 1]);
    expect(unwritable.lines[0]).toContain('cannot be written');

    const old = join(folder, 'old');
    mkdirSync(join(old, 'pg'), { recursive: true, mode: 0o700 });
    writeFileSync(join(old, 'pg/PG_VERSION'), '15\n');
    writeFileSync(join(old, 'pg.secret'), 'secret', { mode: 0o600 });
    const older = refused({ ...ports, DATA_DIR: old });
    expect([older.status, older.lines.length]).toEqual([1, 1]);
    expect(older.lines[0]).toMatch(/15/);
  });

  test('variables that cannot be read are all named at once, with exit code 2', () => {
    const { status, lines } = refused({ PORT: 'x', UAPI_EGRESS: 'some', RL_LOOKUP_MIN: 'many' });
    expect(status).toBe(2);
    expect(lines.join()).toMatch(/PORT: .*UAPI_EGRESS: /s);
    expect(refused({ RL_LOOKUP_MIN: 'many' }).lines.join()).toContain('RL_LOOKUP_MIN: must be');
  });
});
