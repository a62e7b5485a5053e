import { afterEach, describe, expect, test } from '@jest/globals';
import type { PartHealth } from './serve-health.ts';
import { openSite } from './test/open-site.ts';

let site: Awaited<ReturnType<typeof openSite>>;
afterEach(() => site.close());

describe('/api/health', () => {
  test.each([
    ['healthy', {}],
    ['healthy', { a: { status: 'healthy' } }],
    ['degraded', { a: { status: 'healthy' }, b: { status: 'degraded', code: 'offline' } }],
    ['unhealthy', { a: { status: 'unhealthy' }, b: { status: 'degraded' } }],
  ] as const)('is %s, as its worst part is', async (status, parts) => {
    site = await openSite({ parts: () => parts });
    const response = await site.get('/api/health');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ status, name: 'universal-api', version: '0.1.0', build: 'abc1234', parts });
  });

  test('is asked anew each time', async () => {
    let search: PartHealth = { status: 'healthy' };
    site = await openSite({ parts: () => ({ search }) });
    expect(await (await site.get('/api/health')).json()).toMatchObject({ status: 'healthy' });
    search = { status: 'unhealthy' };
    expect(await (await site.get('/api/health')).json()).toMatchObject({ status: 'unhealthy' });
  });
});

describe('/api/health/ready and /live', () => {
  test('ready follows the process, 503 while it takes no calls', async () => {
    let isReady = false;
    site = await openSite({ isReady: () => isReady });
    const before = await site.get('/api/health/ready');
    expect(before.status).toBe(503);
    expect(before.headers.get('cache-control')).toBe('no-store');
    expect(await before.json()).toMatchObject({ status: 'not_ready' });
    isReady = true;
    const after = await site.get('/api/health/ready');
    expect(after.status).toBe(200);
    expect(await after.json()).toEqual({ status: 'ready', timestamp: '2026-01-02T03:05:00.000Z' });
  });

  test('alive while not ready, when even a part is down', async () => {
    site = await openSite({ isReady: () => false, parts: () => ({ search: { status: 'unhealthy' } }) });
    const response = await site.get('/api/health/live');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'alive', timestamp: '2026-01-02T03:05:00.000Z' });
  });
});
