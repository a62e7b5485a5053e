import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultTenantId } from '@universal-api/ids';
import { startTestProduct, untilEvents, type SeenEvent, type TestProduct } from './start-test-product.ts';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct();
}, 60_000);
afterAll(() => product.stop(), 60_000);

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

  test('search.completed is published, of the caller’s tenant, without the text of the query', async () => {
    const response = await product.getWithKey('/api/v1/search/quick?q=capital%20of%20Peru');
    const { body } = await read(response);
    const isOfIt = ({ type, subject }: SeenEvent) => type === 'search.completed' && subject === body.search_id;
    const [completed] = await untilEvents(product, isOfIt);
    expect(completed?.tenant).toBe(defaultTenantId);
    expect(completed?.data).toMatchObject({ intent: 'country', categories: ['countries'], completeness: 1 });
    expect(JSON.stringify(completed?.data)).not.toContain('Peru');
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
