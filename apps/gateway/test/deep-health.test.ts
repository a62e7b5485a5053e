import { afterEach, describe, expect, test } from '@jest/globals';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { randomKeyRing } from '@universal-api/testing';
import { composeGateway, type RunningGateway } from '../src/compose.ts';

let gateway: RunningGateway;
afterEach(() => gateway.stop(0));

/** A gateway whose services are nowhere. */
async function start(anonymousAccess: boolean): Promise<void> {
  const metrics = createMetrics({ version: 'test' });
  gateway = await composeGateway(
    {
      bindAddress: '127.0.0.1',
      port: 0,
      targets: { auth: '127.0.0.1:1', search: '127.0.0.1:1' },
      internalKeys: randomKeyRing(),
      rateOverrides: {},
      trustedProxies: [],
      anonymousAccess,
      diskFolder: import.meta.dirname,
    },
    { log: silentLogger, metrics, version: 'test', build: 'test', now: Date.now, newId },
  );
}

describe('GET /api/health/deep', () => {
  test.each(['/api/health/deep', '/api/v1/health/deep'])(
    '%s tells of each app, and of one that is nowhere',
    async (path) => {
      await start(true);
      const response = await fetch(gateway.url + path);
      expect(response.status).toBe(503);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toMatchObject({
        status: 'unhealthy',
        checked_at: expect.stringMatching(/^\d{4}-.*Z$/),
        apps: {
          gateway: { status: 'healthy', parts: { disk: { status: 'healthy', detail_code: 'ok' } } },
          auth: { status: 'unhealthy', parts: { grpc: { status: 'unhealthy', detail_code: 'unreachable' } } },
          search: { status: 'unhealthy', parts: { grpc: { status: 'unhealthy', detail_code: 'unreachable' } } },
        },
      });
    },
  );

  test('is not for those without a credential where anonymous calls are refused', async () => {
    await start(false);
    const response = await fetch(`${gateway.url}/api/health/deep`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
  });

  test('leaves /api/health as it is: from memory, without a credential', async () => {
    await start(false);
    expect((await fetch(`${gateway.url}/api/health`)).status).toBe(200);
  });
});
