import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { options, startUniversal, type UniversalClient } from './universal-client.ts';

let client: UniversalClient;
const quick: UniversalClient['quick'] = (...asked) => client.quick(...asked);
const universal: UniversalClient['universal'] = (...asked) => client.universal(...asked);

describe('without a key and without a network', () => {
  beforeAll(async () => {
    client = await startUniversal({}, 'none');
  });
  afterAll(() => client.stop());

  test.each([
    ['define serendipity', 'definition', /good luck/],
    ['definition of serendipity', 'definition', /good luck/],
    ['time in Tokyo', 'time', /^\d\d:\d\d$/],
    ['what time is it in Tokyo', 'time', /^\d\d:\d\d$/],
    ['time in Japan', 'time', /^\d\d:\d\d$/],
    ['heure à Tokyo', 'time', /^\d\d:\d\d$/],
    ['capital of Peru', 'country', /^Lima$/],
    ['capitale du Pérou', 'country', /^Lima$/],
    ['currency of Japan', 'country', /^JPY$/],
    ['where is Lyon', 'place', /^45\./],
    ['Lyon', 'place', /^45\./],
  ])('"%s" has a typed %s first, complete', async (q, kind, value) => {
    const answer = await quick(q);
    expect(answer.answers[0]).toMatchObject({ kind, value: expect.stringMatching(value) });
    expect(answer.answers[0]?.data.case).toBe(kind);
    expect(answer.answers[0]?.meta?.provider).toMatch(/^local_/);
    expect(answer).toMatchObject({ query: q, completeness: 1, partial: false });
    expect(answer.searchId).toMatch(/^srch_[0-9a-f-]{36}$/);
    expect(answer.performance?.softDeadlineMs).toBeGreaterThan(0);
  });

  test('is answered in the language of the query', async () => {
    expect((await quick('capitale du Pérou')).answers[0]?.text).toBe('Pérou : la capitale est Lima.');
    expect((await universal('capital of Peru')).answers[0]?.text).toBe('The capital of Peru is Lima.');
    expect((await universal('Lyon')).queryInfo?.language).toBe('fr');
    expect((await quick('Lyon')).queryInfo?.language).toBe('en');
  });

  test('a result tells its source, score and licence, and has the same id each time', async () => {
    const answer = await quick('capital of Peru');
    const [peru] = answer.results['countries']?.items ?? [];
    expect(peru).toMatchObject({
      category: 'countries',
      type: 'country',
      title: 'Peru',
      source: 'local_countries',
      relevanceScore: 1,
      sources: [{ provider: 'local_countries', rank: 1, weight: 1, contribution: 1 }],
      licence: { name: 'ODbL-1.0' },
      item: { case: 'country', value: { code: 'PE' } },
    });
    expect(peru?.id).toMatch(/^res_[0-9a-f]{16}$/);
    expect((await quick('Peru')).results['countries']?.items[0]?.id).toBe(peru?.id);
    expect(answer.attribution.join()).toContain('mledoze/countries');
    expect(answer.providers).toMatchObject([
      { name: 'local_countries', status: expect.stringMatching(/^(?:ok|cached)$/), counted: true },
    ]);
  });

  test('weather in Lyon: the weather is not available and told of, the place is answered', async () => {
    const answer = await quick('weather in Lyon');
    expect(answer.partial).toBe(true);
    expect(answer.completeness).toBeLessThan(1);
    expect(answer.completeness).toBeGreaterThan(0);
    expect(answer.results['weather']).toMatchObject({ status: 'not_available', items: [], total: 0 });
    expect(answer.answers.map(({ kind }) => kind)).toEqual(['place']);
    expect(answer.results['geocoding']?.items[0]).toMatchObject({ title: 'Lyon', item: { case: 'place' } });
    expect(answer.providers.filter(({ category }) => category === 'weather')).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'open_meteo', status: 'no_network', counted: false })]),
    );
  });

  test('nobody who may answer is an error with every candidate, never an empty answer', async () => {
    await expect(quick('weather in Lyon', { categories: ['weather'] })).rejects.toMatchObject({
      code: 'no_provider_available',
      details: {
        candidates: expect.arrayContaining([{ provider: 'open_meteo', reason: 'no_egress', variable: 'UAPI_EGRESS' }]),
      },
    });
  });

  test('a definition that no dictionary here can give is an error, not another word', async () => {
    await expect(quick('définir sérendipité')).rejects.toMatchObject({ code: 'no_provider_available' });
  });

  test('a query that says nothing is searched by its text where that is possible, and nothing is invented', async () => {
    const word = await quick('serendipity');
    expect(word.intent?.abstained).toBe(true);
    expect(word.answers.map(({ kind }) => kind)).toEqual(['definition']);
    const mouse = await quick('où est la souris');
    expect(mouse).toMatchObject({ totalResults: 0, categoriesSearched: [], partial: true, completeness: 0 });
    expect(mouse.results['geocoding']?.status).toBe('not_applicable');
    expect(mouse.meta?.degraded).toMatchObject([{ code: 'nothing_asked' }]);
    const nothing = await quick('xyzzyq plughq');
    expect(nothing).toMatchObject({
      totalResults: 0,
      answers: [],
      completeness: 1,
      partial: false,
      suggestedQueries: [],
    });
  });

  test('a fact that nobody here has is told of as such, and not made up', async () => {
    const answer = await quick('population of Brazil');
    expect(answer.answers).toEqual([]);
    expect(answer.meta?.degraded).toMatchObject([{ code: 'fact_unknown', detail: 'population' }]);
    expect(answer.results['countries']?.items[0]).toMatchObject({ title: 'Brazil' });
  });

  test('the time of a country with several zones is not that of a town of its name', async () => {
    const answer = await quick('time in Brazil');
    expect(answer.answers).toEqual([]);
    expect(answer.results['tools']?.status).toBe('not_applicable');
    expect(answer.meta?.degraded).toMatchObject([{ code: 'several_time_zones', detail: 'tools' }]);
    expect((await quick('time in Singapore')).answers[0]?.text).toContain('Asia/Singapore');
  });

  test('weather to come is told of as what nobody here is asked', async () => {
    const answer = await quick('météo à Lyon demain');
    expect(answer.answers.map(({ kind }) => kind)).toEqual(['place']);
    expect(answer.meta?.degraded).toMatchObject([{ code: 'only_current_weather', detail: 'weather' }]);
  });

  test.each([
    ['météo au Havre', 'place', /^Le Havre, /],
    ['heure au Havre', 'time', /^Le Havre, Normandy, France : .*Europe\/Paris/],
    ['time in utc', 'time', /\(UTC, UTC\+00:00\)/],
  ])('"%s": %s', async (q, kind, text) => {
    const { answers, meta } = await quick(q);
    expect(answers.find((answer) => answer.kind === kind)?.text).toMatch(text);
    expect(meta?.degraded).toEqual([]);
  });

  test('a time is told of the place that it is the time of, which may be another than was meant', async () => {
    expect((await quick('time in California')).answers[0]?.text).toContain('California, Maryland, United States');
    expect((await quick('time in Japan')).answers[0]?.text).toContain('in Japan (Asia/Tokyo');
  });

  test('the beginning of a longer name is a guess: LA is not La Paz', async () => {
    const answer = await quick('time in LA');
    expect(answer.answers).toEqual([]);
    expect(answer.results['tools']?.status).toBe('not_applicable');
  });

  test('a place that nobody knows is no question about the weather', async () => {
    const answer = await quick('time in Xyzzyqplugh');
    expect(answer.answers).toEqual([]);
    expect(answer.results['tools']?.status).toBe('not_applicable');
    expect(answer.results['geocoding']?.status).toBe('empty');
  });

  test('categories by name or alias; others are refused with the list', async () => {
    const named = await quick('Lyon', { categories: ['location'] });
    expect(named.categoriesSearched).toEqual(['geocoding']);
    await expect(quick('Lyon', { categories: ['geocoding', 'news'] })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ field: 'categories[1]', rule: expect.stringContaining('weather') }] },
    });
  });

  test('an empty query is refused, and the field named', async () => {
    await expect(quick('  ')).rejects.toMatchObject({ code: 'invalid_request', details: { errors: [{ field: 'q' }] } });
    await expect(universal('\u0001')).rejects.toMatchObject({ details: { errors: [{ field: 'query' }] } });
  });

  test('flat or grouped, within the limits', async () => {
    const flat = await universal('Lyon', { view: 'flat' });
    expect(flat.results).toEqual({});
    expect(flat.ranked[0]).toMatchObject({ title: 'Lyon' });
    const one = await universal('San Francisco', { maxResults: 1 });
    expect(Object.values(one.results).flatMap(({ items }) => items)).toHaveLength(1);
    const two = await universal('Paris', { maxResultsPerCategory: 2 });
    expect(two.results['geocoding']?.items.length).toBeLessThanOrEqual(2);
    for (const { relevanceScore } of two.results['geocoding']?.items ?? [])
      expect(relevanceScore).toBeLessThanOrEqual(1);
  });

  test('unknown providers in the wishes are refused; one that is ignored is told of', async () => {
    await expect(quick('Lyon', { routing: { only: ['nobody'] } })).rejects.toMatchObject({ code: 'invalid_request' });
    const answer = await quick('time in Tokyo', { routing: { ignore: ['nominatim'] } });
    expect(answer.answers[0]?.kind).toBe('time');
    expect(answer.providers).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'nominatim', category: 'geocoding', status: 'policy' })]),
    );
  });

  test('search.completed is told once, without the text of the query', async () => {
    const before = client.harness.completed.length;
    const answer = await quick('capital of Peru');
    expect(client.harness.completed).toHaveLength(before + 1);
    expect(client.harness.completed.at(-1)).toMatchObject({
      type: 'search.completed',
      tenantId: client.caller.tid,
      data: {
        searchId: answer.searchId,
        intent: 'country',
        categories: ['countries'],
        counts: { countries: 1 },
        completeness: 1,
      },
    });
    expect(JSON.stringify(client.harness.completed.at(-1))).not.toContain('capital of');
  });

  test('the categories say who answers in each, and whether anybody may now', async () => {
    const { categories, total } = await client.search.categories({}, options());
    expect(categories.map(({ id, available }) => [id, available])).toEqual([
      ['countries', true],
      ['dictionary', true],
      ['geocoding', true],
      ['tools', true],
      ['weather', false],
    ]);
    expect(total).toBe(5);
    expect(categories.find(({ id }) => id === 'weather')).toMatchObject({ kind: 'route', ttlS: 600 });
    expect(categories.find(({ id }) => id === 'geocoding')).toMatchObject({ aliases: ['location'] });
    for (const { providers } of categories) expect(providers).not.toEqual([]);
  });
});
