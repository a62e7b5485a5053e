import { expect, test } from '@jest/globals';
import { withClient } from '@universal-api/database';
import { describeWithInfra } from '@universal-api/testing/brokers';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childrenOf } from '../src/process/child-processes.ts';
import { isLiving, markOf, type ProcessMark } from '../src/process/living.ts';
import { waitUntil } from '../src/process/wait-until.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const isMark = (mark: ProcessMark | undefined): mark is ProcessMark => mark !== undefined;

function run(file: string) {
  return spawn(process.execPath, [path(file)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown[]> {
  const ended = once(child, 'exit');
  child.kill(signal);
  return ended;
}

describeWithInfra('nothing is left running', () => {
  test('when the process that started the servers is killed', async () => {
    const host = run('./infra-host.ts');
    const [line] = await once(createInterface(host.stdout), 'line');
    const servers = JSON.parse(String(line)) as { pid: number; folder: string }[];
    const marks = servers
      .flatMap(({ pid }) => [pid, ...childrenOf(pid)])
      .map(markOf)
      .filter(isMark);
    expect(marks.length).toBeGreaterThan(servers.length);
    await end(host, 'SIGKILL');
    expect(await waitUntil(() => !marks.some(isLiving), 10_000)).toBe(true);
    for (const { folder } of servers) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('when `npm run infra` is asked to end; until then its three servers answer where it says', async () => {
    const infra = run('../src/main.ts');
    const printed: string[] = [];
    for await (const line of createInterface(infra.stdout)) {
      printed.push(line);
      if (line.startsWith('Ctrl-C')) break;
    }
    const marks = childrenOf(infra.pid ?? 0)
      .map(markOf)
      .filter(isMark);
    const exported = Object.fromEntries(
      printed.flatMap((line) => [/^export (\w+)='(.*)'$/.exec(line)?.slice(1) ?? []]).filter((pair) => pair.length > 0),
    );
    expect(Object.keys(exported)).toEqual(['DATABASE_URL', 'REDIS_URL', 'KAFKA_BROKERS']);
    const rows = await withClient(
      String(exported.DATABASE_URL),
      async (client) => (await client.query('SELECT 1 AS one')).rows,
    );
    expect(rows).toEqual([{ one: 1 }]);
    expect(marks.some(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('kafka.Kafka'))).toBe(true);
    expect(await end(infra, 'SIGINT')).toEqual([0, null]);
    expect(marks.filter(isLiving)).toEqual([]);
  }, 60_000);
});
