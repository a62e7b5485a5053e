import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withClient } from '@universal-api/database';
import { defaultTenantId } from '@universal-api/ids';
import { playWeatherAndPlaces, type PlayedUpstream } from './play-upstream.ts';
import { startTestProduct, untilEvents, type TestProduct } from './start-test-product.ts';

let upstream: PlayedUpstream;
let product: TestProduct;

/** The first tenant on plan `starter`, with three calls a day and three searches a minute. */
beforeAll(async () => {
  upstream = await playWeatherAndPlaces();
  product = await startTestProduct({ ...upstream.withQuotas, RL_IP_MIN: '1000000/60', RL_SEARCH_MIN: '1/60' });
  await withClient(product.adminUrl, async (client) => {
    await client.query("UPDATE auth.plans SET calls_per_day = 3 WHERE plan = 'starter'");
    await client.query("UPDATE auth.tenants SET plan = 'starter' WHERE tenant_id = $1", [defaultTenantId]);
  });
}, 60_000);
afterAll(async () => {
  await product.stop();
  await upstream.close();
}, 60_000);

interface Answer {
  readonly code?: string;
  readonly retry_after?: number;
  readonly meta?: { readonly provider: string; readonly cached: boolean; readonly attempts: readonly object[] };
}
const weather = async (latitude: number) => {
  const response = await product.getWithKey(`/api/v1/weather/current?lat=${latitude}&lon=4.8`);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
};
const json = async (path: string) => {
  const response = await product.getWithKey(path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('the calls of a day', () => {
  test('are those that a remote provider answers; with none left, cache and local data still serve, and the rest is 429', async () => {
    for (const latitude of [45, 46, 47]) expect((await weather(latitude)).status).toBe(200);
    const cached = await weather(45);
    expect([cached.status, cached.body.meta?.cached]).toEqual([200, true]);

    const refused = await weather(48);
    expect([refused.status, refused.body.code]).toEqual([429, 'budget_exceeded']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.body.retry_after).toBeLessThanOrEqual(86_400);

    const local = await json('/api/v1/geocoding/forward?address=Lyon');
    expect(local.status).toBe(200);
    const meta = local.body['meta'] as Required<Answer>['meta'];
    expect(meta.provider).toBe('local_cities');
    expect(meta.attempts).toContainEqual(expect.objectContaining({ outcome: 'skipped', code: 'quota' }));
    expect((await weather(46)).body.meta?.cached).toBe(true);
  });

  test('are in GET /quotas and GET /ledger, and their end is an event', async () => {
    const quotas = (await json('/api/v1/quotas')).body['accounts'] as { unit: string; limit: string; spent: string }[];
    expect(quotas.find(({ unit }) => unit === 'calls')).toMatchObject({ limit: '3', spent: '3' });
    const ledger = (await json('/api/v1/ledger?page_size=2')).body;
    expect(ledger['entries']).toHaveLength(2);
    expect(ledger['next_page_token']).not.toBe('');
    const [event] = await untilEvents(product, ({ type }) => type === 'quota.exhausted');
    expect(event).toMatchObject({
      tenant: defaultTenantId,
      data: { unit: 'calls', period: 'day', limit: '3', spent: '3' },
    });
  });
});

describe('a call that a rate policy refused', () => {
  const search = (id: string) =>
    product.getWithKey('/api/v1/search/universal', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': id },
      body: JSON.stringify({ query: 'capital of Peru' }),
    });

  test('is explained by GET /limits/explain, and told of as rate_limit.exceeded', async () => {
    for (const id of ['search-one', 'search-two', 'search-three']) expect((await search(id)).status).toBe(200);
    expect((await search('search-four')).status).toBe(429);
    const [event] = await untilEvents(product, ({ type }) => type === 'rate_limit.exceeded');
    expect(event?.data).toMatchObject({ policy: 'search-min', limit: 3, window_s: 60 });
    const { status, body } = await json('/api/v1/limits/explain?request_id=search-four');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      policies: [{ policy: 'search-min', q: 3, window_s: 60, cost: 1 }],
      would_pass: { starter: false, pro: true, unlimited: true },
    });
    expect((await json('/api/v1/limits/explain?request_id=search-one')).status).toBe(404);
  });

  test('is of a policy whose value GET /limits tells the source of', async () => {
    const { body } = await json('/api/v1/limits?rate_class=search');
    expect(body['plan']).toBe('starter');
    expect(body['policies']).toContainEqual(
      expect.objectContaining({ policy: 'search-min', q: 3, source: 'installation', partition: 'key' }),
    );
  });
});
