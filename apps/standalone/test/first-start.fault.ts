import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processesIn } from './left-processes.ts';
import { choosePorts, end, endAll, launch, untilAnswers, type ProductProcess } from './product-process.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const start = ['npm', 'start'] as const;

let clone: string;
let environment: Record<string, string>;
beforeAll(async () => {
  clone = join(realpathSync(mkdtempSync(join(tmpdir(), 'uapi-first-'))), 'clone');
  execFileSync('git', ['clone', '-q', root, clone]);
  environment = { ...(await choosePorts()), LANG: '' };
}, 60_000);
afterAll(() => {
  endAll();
  for (const pid of processesIn(clone)) process.kill(pid, 'SIGKILL');
  rmSync(join(clone, '..'), { recursive: true, force: true });
});

/** Starts, waits until the moment has come, and kills the whole group. */
async function killWhen(hasCome: (product: ProductProcess) => boolean): Promise<void> {
  const product = launch(environment, start, clone);
  const until = Date.now() + 120_000;
  while (!hasCome(product)) {
    if (Date.now() > until) throw new Error(`the moment to kill never came:\n${product.output()}`);
    await setTimeout(5);
  }
  await end(product, 'SIGKILL');
}

describe('kill -9 inside the first start', () => {
  test('during the installation, initdb and the migrations: each time the next start goes on by itself', async () => {
    const data = join(clone, '.data');
    await killWhen(
      () => existsSync(join(clone, 'node_modules')) && readdirSync(join(clone, 'node_modules')).length > 50,
    );
    await killWhen(() => existsSync(join(data, 'pg.new/base')));
    await killWhen(() => existsSync(join(data, 'pg/postmaster.pid')));

    const product = launch(environment, start, clone);
    await untilAnswers(product, 180_000);
    const answer = await fetch(`${product.url}/api/v1/countries/PE`);
    expect(answer.status).toBe(200);
    await end(product, 'SIGINT');
    const until = Date.now() + 10_000;
    while (processesIn(clone).length > 0 && Date.now() < until) await setTimeout(50);
    expect(processesIn(clone)).toEqual([]);
  }, 400_000);
});
