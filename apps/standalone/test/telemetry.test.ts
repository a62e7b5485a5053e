import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultTenantId, systemTenantId } from '@universal-api/ids';
import { startTestProduct, untilEvents, type SeenEvent, type TestProduct } from './start-test-product.ts';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct();
}, 60_000);
afterAll(() => product.stop(), 60_000);

const isOf =
  (type: string, requestId: string) =>
  ({ type: given, correlation }: SeenEvent) =>
    given === type && correlation === requestId;

describe('a call over REST', () => {
  test('leaves its request and its attempts in the telemetry, joined by call and trace', async () => {
    const answer = await product.getWithKey('/api/v1/geocoding/forward?address=Lyon', {
      headers: { 'x-request-id': 'story-of-lyon' },
    });
    expect(answer.status).toBe(200);
    const [request] = await untilEvents(product, isOf('request.completed', 'story-of-lyon'));
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
    const [attempt] = await untilEvents(
      product,
      ({ type, data }) => type === 'attempt.completed' && data['call_id'] === callId,
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
    const [second] = await untilEvents(product, isOf('request.completed', 'second-peru'));
    expect(second?.data).toMatchObject({ outcome: 'ok', provider: 'local_countries' });
    const isItsAttempt = ({ type, data }: SeenEvent) =>
      type === 'attempt.completed' && data['call_id'] === second?.data['call_id'];
    const expected = second?.data['cached'] === true ? 0 : 1;
    expect(await untilEvents(product, isItsAttempt, expected)).toHaveLength(expected);
  });

  test('that is refused is told of as well: no such path, a wrong key, nobody who may answer', async () => {
    const headers = (id: string, authorization?: string) => ({
      headers: { 'x-request-id': id, ...(authorization ? { authorization } : {}) },
    });
    await product.get('/api/v1/nowhere', headers('story-nowhere'));
    await product.get('/api/v1/time/now', headers('story-wrong-key', 'Bearer nonsense'));
    await product.get('/api/v1/weather/current?lat=45.76&lon=4.84', headers('story-weather'));
    const outcome = async (id: string) => {
      const [row] = await untilEvents(product, isOf('request.completed', id));
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
    const rows = await untilEvents(
      product,
      ({ correlation }) => correlation?.startsWith('story-of-many-') ?? false,
      300,
    );
    expect(new Set(rows.map(({ correlation }) => correlation))).toEqual(new Set(ids));
    expect(rows).toHaveLength(300);
    const metrics = await product.metrics();
    for (const name of ['uapi_telemetry_dropped_total', 'uapi_events_buffer_dropped_total']) {
      const values = [...metrics.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map(([, value]) => value);
      expect([name, new Set(values)]).toEqual([name, new Set(['0'])]);
    }
  });
});
