import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, sql, type Database } from '@universal-api/database';
import { defaultTenantId, systemTenantId } from '@universal-api/ids';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

let product: TestProduct;
let reader: Database<unknown>;
beforeAll(async () => {
  product = await startTestProduct();
  reader = openDatabase({ url: product.databaseUrl, role: 'events_ingest', poolSize: 1 });
}, 60_000);
afterAll(async () => {
  await reader.close();
  await product.stop();
});

interface Row {
  readonly type: string;
  readonly tenant: string;
  readonly correlation: string | null;
  readonly traceparent: string | null;
  readonly data: Record<string, unknown>;
}

/** Rows of events.telemetry that satisfy a condition, once there are so many; a deadline ends the wait. */
async function telemetry(isMeant: (row: Row) => boolean, count: number): Promise<Row[]> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const { rows } = await reader.instance((tx) =>
      sql<Row>`SELECT type, tenant_id AS tenant, correlation_id AS correlation, traceparent, data
               FROM events.telemetry ORDER BY position`.execute(tx),
    );
    const meant = rows.filter(isMeant);
    if (meant.length >= count) return meant;
    if (performance.now() > deadline) throw new Error(`${meant.length} of ${count} rows came`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const isOf = (type: string, requestId: string) => (row: Row) => row.type === type && row.correlation === requestId;

describe('a call over REST', () => {
  test('leaves its request and its attempts in the telemetry, joined by call and trace', async () => {
    const answer = await product.getWithKey('/api/v1/geocoding/forward?address=Lyon', {
      headers: { 'x-request-id': 'story-of-lyon' },
    });
    expect(answer.status).toBe(200);
    const [request] = await telemetry(isOf('request.completed', 'story-of-lyon'), 1);
    expect(request).toMatchObject({ tenant: defaultTenantId });
    expect(request?.data).toMatchObject({
      route: '/geocoding/forward',
      method: 'GET',
      status: 200,
      outcome: 'ok',
      code: '',
      operation: 'geocoding.forward',
      provider: 'local_cities',
      cached: false,
      key_lineage: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const callId = request?.data['call_id'];
    const [attempt] = await telemetry(
      ({ type, data }) => type === 'attempt.completed' && data['call_id'] === callId,
      1,
    );
    expect(attempt).toMatchObject({ tenant: defaultTenantId, traceparent: request?.traceparent });
    expect(attempt?.data).toMatchObject({
      operation: 'geocoding.forward',
      provider: 'local_cities',
      outcome: 'ok',
      attempt: 1,
    });
    expect(Number(attempt?.data['total_us'])).toBeLessThanOrEqual(Number(request?.data['total_us']));
  });

  test('that is asked again has an attempt of its own, unless it came from the cache', async () => {
    const ask = (id: string) => product.getWithKey('/api/v1/countries/PE', { headers: { 'x-request-id': id } });
    await ask('first-peru');
    await ask('second-peru');
    const [second] = await telemetry(isOf('request.completed', 'second-peru'), 1);
    expect(second?.data).toMatchObject({ outcome: 'ok', provider: 'local_countries' });
    const isItsAttempt = ({ type, data }: Row) =>
      type === 'attempt.completed' && data['call_id'] === second?.data['call_id'];
    const expected = second?.data['cached'] === true ? 0 : 1;
    expect(await telemetry(isItsAttempt, expected)).toHaveLength(expected);
  });

  test('that is refused is told of as well: no such path, a wrong key, nobody who may answer', async () => {
    const headers = (id: string, authorization?: string) => ({
      headers: { 'x-request-id': id, ...(authorization ? { authorization } : {}) },
    });
    await product.get('/api/v1/nowhere', headers('story-nowhere'));
    await product.get('/api/v1/time/now', headers('story-wrong-key', 'Bearer nonsense'));
    await product.get('/api/v1/weather/current?lat=45.76&lon=4.84', headers('story-weather'));
    const outcome = async (id: string) => {
      const [row] = await telemetry(isOf('request.completed', id), 1);
      return [row?.tenant, row?.data['status'], row?.data['outcome'], row?.data['code']];
    };
    expect(await outcome('story-nowhere')).toEqual([systemTenantId, 404, 'client', 'route_not_found']);
    expect(await outcome('story-wrong-key')).toEqual([systemTenantId, 401, 'auth', 'invalid_token']);
    expect(await outcome('story-weather')).toEqual([defaultTenantId, 503, 'provider', 'no_provider_available']);
  });

  test('is never lost: 300 calls are 300 events, and the drop counters stay at 0', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `story-of-many-${index}`);
    for (let start = 0; start < ids.length; start += 20) {
      const some = ids.slice(start, start + 20);
      await Promise.all(
        some.map(async (id) =>
          (await product.getWithKey('/api/v1/time/now', { headers: { 'x-request-id': id } })).text(),
        ),
      );
    }
    const rows = await telemetry(({ correlation }) => correlation?.startsWith('story-of-many-') ?? false, 300);
    expect(new Set(rows.map(({ correlation }) => correlation))).toEqual(new Set(ids));
    expect(rows).toHaveLength(300);
    const metrics = await (await fetch(`${product.operationsUrl}/metrics`)).text();
    expect(metrics).toMatch(/^uapi_telemetry_dropped_total 0$/m);
    expect(metrics).toMatch(/^uapi_events_buffer_dropped_total 0$/m);
  });
});
