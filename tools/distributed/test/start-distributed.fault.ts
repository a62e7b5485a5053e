import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createKafkaClient } from '@universal-api/events/kafka';
import { silentLogger } from '@universal-api/logging';
import { providerEntries } from '@universal-api/search/compose';
import { findFixtures, simulatedEnvironment, startSimulator, type Simulator } from '@universal-api/simulator';
import { describeWithInfra } from '@universal-api/testing/brokers';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { processesBelow, runStarter, stillLiving, type Starter } from './run-starter.ts';

const prefix = 'story';
const welcome = 'Ctrl-C stops it.';
const weatherPath = '/api/v1/weather/current?lat=45.76&lon=4.84';

let folder: string;
let upstream: Simulator;
let starter: Starter;
let key: string;

const environment = () =>
  simulatedEnvironment({ DATA_DIR: folder, UAPI_PREFIX: prefix }, upstream.url, providerEntries);
const wordAfter = (label: string) => new RegExp(`${label} +(\\S+)`).exec(starter.output())?.[1] ?? '';
const pidOf = () => starter.child.pid ?? 0;
const ask = (path: string, headers: Record<string, string> = { authorization: `Bearer ${key}` }) =>
  fetch(`${wordAfter('Home').replace(/\/$/, '')}${path}`, { headers });

/** Asks until it holds, or until the time is over; what did not hold then fails what is expected next. */
async function until(condition: () => Promise<boolean> | boolean, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (performance.now() < end && !(await condition())) await setTimeout(50);
}

describeWithInfra('start:distributed', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'uapi-distributed-'));
    upstream = await startSimulator({ fixtures: await findFixtures(), profiles: {}, seed: 1 });
    starter = runStarter(environment());
    await starter.until(welcome);
    key = /uapi_live_\w+/.exec(starter.output())?.[0] ?? '';
  }, 120_000);

  afterAll(async () => {
    if (starter.child.exitCode === null && starter.child.signalCode === null) await starter.end('SIGTERM');
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('every app is a process of its own, and all of them are healthy', async () => {
    const response = await ask('/api/health', {});
    const health = (await response.json()) as { status: string; parts: object };
    expect([response.status, health.status]).toEqual([200, 'healthy']);
    const names = ['gateway', 'search', 'auth', 'video', 'assistant', 'analytics', 'webhook'];
    expect(Object.keys(health.parts).sort()).toEqual(names.sort());
    for (const name of names) {
      const found = processesBelow(pidOf()).filter(
        ({ command }) => /^\S*node .*apps\/(\w+)\/src\/main.ts/.exec(command)?.[1] === name,
      );
      expect([name, found.length]).toEqual([name, 1]);
    }
  });

  test('a weather comes from the upstream through gateway and search, with the key that was shown', async () => {
    const response = await ask(weatherPath);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ meta: { provider: 'open_meteo', cached: false } });
    expect((await ask(weatherPath, {})).status).toBe(401);
  });

  test('its telemetry arrives on Kafka', async () => {
    const requestId = 'req-of-the-story-0001';
    await ask('/api/v1/time/now?timezone=Asia/Tokyo', { authorization: `Bearer ${key}`, 'x-request-id': requestId });
    const brokers = [/Kafka (127\.0\.0\.1:\d+)/.exec(starter.output())?.[1] ?? ''];
    const client = createKafkaClient({ brokers, prefix, service: 'test', log: silentLogger });
    const consumer = client.consumer(client.groupName('test'));
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: [`${prefix}.telemetry.v1`], fromBeginning: true });
      const seen: { type?: string; correlation?: string; call?: string }[] = [];
      await consumer.run({
        autoCommit: false,
        async eachMessage({ message: { headers = {}, value } }) {
          const { call_id: call } = JSON.parse(String(value)) as { call_id?: string };
          const [type, correlation] = [headers['ce_type'], headers['ce_correlationid']].map((one) => one?.toString());
          seen.push({ type, correlation, call });
        },
      });
      const typesOfCall = () => {
        const call = seen.find(({ correlation }) => correlation === requestId)?.call ?? 'none yet';
        return seen.filter((event) => event.call === call).map(({ type }) => type);
      };
      await until(() => typesOfCall().length >= 2, 20_000);
      expect(typesOfCall().sort()).toEqual(['attempt.completed.v1', 'request.completed.v1']);
    } finally {
      await consumer.disconnect();
    }
  }, 60_000);

  test('an app that is killed is started again, and answers', async () => {
    const find = () => processesBelow(pidOf()).find(({ command }) => /^\S*node .*apps\/search\/src/.test(command));
    const { pid } = find() ?? { pid: 0 };
    process.kill(pid, 'SIGKILL');
    await starter.until('ended (SIGKILL); it is started again in 0.5 s');
    const isAnswering = async () => (await ask('/api/v1/countries/PE')).status === 200;
    await until(isAnswering, 30_000);
    expect(await isAnswering()).toBe(true);
    expect(find()?.pid).not.toBe(pid);
  }, 60_000);

  test('a second start on the same folder, and one on a port of the first, are refused with one sentence each', async () => {
    const before = processesBelow(pidOf());
    const second = runStarter(environment());
    expect((await second.closed)[0]).toBe(1);
    expect(second.output()).toMatch(/^Universal API already runs in this folder \(pid \d+\) at .*\n$/);
    const port = new URL(wordAfter('Home')).port;
    const other = runStarter({ ...environment(), DATA_DIR: join(folder, 'other'), PORT: port });
    expect((await other.closed)[0]).toBe(1);
    expect(other.output()).toBe(
      `Port ${port} on 127.0.0.1 is in use by another program; stop it, or set PORT to another one.\n`,
    );
    expect(stillLiving(before)).toEqual(before);
  }, 60_000);

  test('secrets are files of this user alone', () => {
    const secrets = join(folder, 'distributed/secrets');
    expect((statSync(secrets).mode & 0o777).toString(8)).toBe('700');
    for (const name of readdirSync(secrets)) {
      expect([name, (statSync(join(secrets, name)).mode & 0o777).toString(8)]).toEqual([name, '600']);
    }
  });

  test('asked to end it ends everything in reverse order, and nothing is left', async () => {
    const before = processesBelow(pidOf());
    expect(before.length).toBeGreaterThan(10);
    expect(await starter.end('SIGTERM')).toEqual([0, null]);
    expect(starter.output()).toMatch(/Stopped\.\n$/);
    expect(stillLiving(before)).toEqual([]);
  }, 60_000);

  test('started again it has its data and no new key; killed, it leaves nothing running', async () => {
    starter = runStarter(environment());
    await starter.until(welcome);
    expect(starter.output()).not.toContain('uapi_live_');
    expect((await ask('/api/v1/countries/PE')).status).toBe(200);
    const before = processesBelow(pidOf());
    expect(await starter.end('SIGKILL')).toEqual([null, 'SIGKILL']);
    await until(() => stillLiving(before).length === 0, 10_000);
    expect(stillLiving(before)).toEqual([]);
  }, 120_000);

  test('Ctrl-C while it starts leaves nothing running', async () => {
    starter = runStarter(environment());
    await starter.until('Starting auth');
    const before = processesBelow(pidOf());
    expect(await starter.end('SIGINT')).toEqual([1, null]);
    expect(starter.output()).toMatch(/Stopped while starting\.\n$/);
    expect(stillLiving(before)).toEqual([]);
  }, 120_000);
});
