import { afterEach, describe, expect, test } from '@jest/globals';
import { createLogger, silentLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { createOwnedParts, createReadiness, serveOperations, type OperationsServer, type Readiness } from './index.ts';

let server: OperationsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(apps: ReadonlyMap<string, Readiness>, log = silentLogger) {
  server = await serveOperations({
    host: '127.0.0.1',
    port: 0,
    metrics: createMetrics({ version: '1' }),
    log,
    apps: () => apps,
  });
  const base = `http://127.0.0.1:${server.port}`;
  return (path: string, init?: RequestInit) => fetch(base + path, init);
}

describe('readiness', () => {
  test('is what the checks say, and never true before the start or while draining', async () => {
    const readiness = createReadiness();
    let isWorking = true;
    readiness.add({
      name: 'postgres',
      check: async () => {
        if (!isWorking) throw new Error('away');
      },
    });
    expect((await readiness.report()).isReady).toBe(false);
    readiness.setState('running');
    expect(await readiness.report()).toMatchObject({ isReady: true, parts: { postgres: { status: 'ready' } } });
    isWorking = false;
    expect(await readiness.report()).toMatchObject({ isReady: false, parts: { postgres: { status: 'failing' } } });
    isWorking = true;
    readiness.setState('draining');
    expect((await readiness.report()).isReady).toBe(false);
  });

  test('a watcher hears each change once', async () => {
    const readiness = createReadiness();
    const heard: boolean[] = [];
    let wake = () => {};
    const stop = readiness.watch(60_000, (isReady) => {
      heard.push(isReady);
      wake();
    });
    const next = () => new Promise<void>((resolve) => (wake = resolve));
    await next();
    readiness.setState('running');
    await next();
    readiness.setState('draining');
    await next();
    stop();
    expect(heard).toEqual([false, true, false]);
  });
});

describe('the operations port', () => {
  test('ready follows the apps, and a process without apps is not ready', async () => {
    const apps = new Map<string, Readiness>();
    const ask = await serve(apps);
    expect((await ask('/health/ready')).status).toBe(503);
    const readiness = createReadiness();
    readiness.setState('running');
    apps.set('search', readiness);
    expect((await ask('/health/ready')).status).toBe(200);
    readiness.setState('draining');
    expect((await ask('/health/ready')).status).toBe(503);
    expect((await ask('/health/live')).status).toBe(200);
  });

  test('shows metrics, and changes the log level', async () => {
    const lines: string[] = [];
    const log = createLogger({
      service: 's',
      instance: 'i',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
    });
    const ask = await serve(new Map(), log);
    expect(await (await ask('/metrics')).text()).toContain('uapi_build_info');
    expect((await ask('/log-level', { method: 'PUT', body: 'debug' })).status).toBe(200);
    expect(await (await ask('/log-level')).json()).toEqual({ level: 'debug' });
    expect((await ask('/log-level', { method: 'PUT', body: 'shout' })).status).toBe(400);
    expect((await ask('/nowhere')).status).toBe(404);
  });
});

describe('what an app shows on the operations port', () => {
  test('is found at its path, and listed where nothing is', async () => {
    server = await serveOperations({
      host: '127.0.0.1',
      port: 0,
      metrics: createMetrics({ version: '1' }),
      log: silentLogger,
      apps: () => new Map(),
      routes: () => [{ path: '/jobs', answer: async () => ({ store: 'redis' }) }],
    });
    const base = `http://127.0.0.1:${server.port}`;
    expect(await (await fetch(`${base}/jobs?x=1`)).json()).toEqual({ store: 'redis' });
    const absent = await fetch(`${base}/other`);
    expect([absent.status, await absent.json()]).toEqual([
      404,
      { status: 'not found', paths: expect.arrayContaining(['/jobs', '/metrics']) },
    ]);
  });
});

describe('parts', () => {
  test('close in reverse order, and one that fails keeps none open', async () => {
    const closed: string[] = [];
    const parts = createOwnedParts(silentLogger);
    parts.own('a', { close: () => void closed.push('a') });
    parts.own('b', { close: () => Promise.reject(new Error('stuck')) });
    parts.own('c', { close: () => void closed.push('c') });
    await parts.closeAll();
    expect(closed).toEqual(['c', 'a']);
  });
});
