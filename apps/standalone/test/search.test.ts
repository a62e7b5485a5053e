import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, sql, type Database } from '@universal-api/database';
import { defaultTenantId } from '@universal-api/ids';
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

interface Logged {
  readonly subject: string;
  readonly tenant: string;
  readonly data: Record<string, unknown>;
}

/** The `search.completed` of a search, once it is written; a deadline ends the wait. */
async function completedOf(searchId: string): Promise<Logged> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const { rows } = await reader.instance((tx) =>
      sql<Logged>`SELECT subject, tenant_id AS tenant, data FROM events.log
                  WHERE type = 'search.completed' AND subject = ${searchId}`.execute(tx),
    );
    if (rows[0]) return rows[0];
    if (performance.now() > deadline) throw new Error('search.completed was not written');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

interface Answer {
  readonly search_id: string;
  readonly answers: readonly { readonly kind: string; readonly value: string; readonly text: string }[];
  readonly results: Readonly<Record<string, { readonly status: string; readonly items: readonly object[] }>>;
  readonly providers: readonly { readonly name: string; readonly category: string; readonly status: string }[];
  readonly completeness: number;
  readonly partial: boolean;
  readonly code?: string;
}
const read = async (response: Response) => ({ status: response.status, body: (await response.json()) as Answer });
const quick = async (q: string, more = '') =>
  read(await product.get(`/api/v1/search/quick?q=${encodeURIComponent(q)}${more}`));

describe('universal search without a key and without a network', () => {
  test.each([
    ['define serendipity', 'definition', 'definition', /good luck/],
    ['time in Tokyo', 'time', 'time', /^\d\d:\d\d$/],
    ['capital of Peru', 'country', 'country', /^Lima$/],
  ])('"%s" has the right typed answer first', async (q, kind, member, value) => {
    const { status, body } = await quick(q);
    expect(status).toBe(200);
    expect(body.answers[0]).toMatchObject({ kind, value: expect.stringMatching(value), [member]: expect.any(Object) });
    expect(body).toMatchObject({ completeness: 1, partial: false });
  });

  test('weather in Lyon is partial: the weather is not available and told of, the place is answered', async () => {
    const { status, body } = await quick('weather in Lyon');
    expect(status).toBe(200);
    expect(body.partial).toBe(true);
    expect(body.completeness).toBeLessThan(1);
    expect(body.results['weather']).toMatchObject({ status: 'not_available', items: [] });
    expect(body.results['geocoding']?.items[0]).toMatchObject({ title: 'Lyon', place: { country_code: 'FR' } });
    expect(body.answers.map(({ kind }) => kind)).toEqual(['place']);
    expect(body.providers).toContainEqual(
      expect.objectContaining({ name: 'open_meteo', category: 'weather', status: 'no_network', counted: false }),
    );
  });

  test('the same over POST, in French where the query is', async () => {
    const response = await product.get('/api/v1/search/universal', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'capitale du Pérou', view: 'flat' }),
    });
    const { status, body } = await read(response);
    expect(status).toBe(200);
    expect(body.answers[0]).toMatchObject({ kind: 'country', text: 'Pérou : la capitale est Lima.' });
    expect(body).toMatchObject({ results: {}, ranked: [{ title: 'Pérou', country: { code: 'PE' } }] });
  });

  test('only the weather, which nobody may answer, is a problem document', async () => {
    const { status, body } = await quick('weather in Lyon', '&categories=weather');
    expect(status).toBe(503);
    expect(body.code).toBe('no_provider_available');
  });

  test('search.completed is in the log, of the caller’s tenant, without the text of the query', async () => {
    const response = await product.getWithKey('/api/v1/search/quick?q=capital%20of%20Peru');
    const { body } = await read(response);
    const { tenant, data } = await completedOf(body.search_id);
    expect(tenant).toBe(defaultTenantId);
    expect(data).toMatchObject({ intent: 'country', categories: ['countries'], completeness: 1 });
    expect(JSON.stringify(data)).not.toContain('Peru');
  });

  test('the categories', async () => {
    const response = await product.get('/api/v1/search/categories');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ total: 5, categories: expect.any(Array) });
  });

  test('an unknown category and an empty query are refused', async () => {
    expect((await quick('Lyon', '&categories=nowhere')).status).toBe(400);
    expect((await quick(' ')).status).toBe(400);
  });
});
