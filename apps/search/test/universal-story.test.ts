import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createGrpcChannel, createGrpcServer, createServiceClient, type GrpcServer } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import type { Principal } from '@universal-api/principal';
import { productContract, type ServiceClient } from '@universal-api/protos';
import { SearchService } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import type { FixturePlayer } from '@universal-api/providers-kit/fixtures';
import { playProvider, principal, startSearch, type SearchHarness } from './search-harness.ts';

type Search = ServiceClient<typeof SearchService, { deadlineAt: number; metadata: Record<string, string> }>;

let harness: SearchHarness;
let server: GrpcServer;
let search: Search;
let closeChannel: () => void;
let caller: Principal;

async function start(environment: Record<string, string>, egress: 'all' | 'none'): Promise<void> {
  caller = principal();
  harness = startSearch(environment, egress);
  const contract = productContract();
  server = createGrpcServer({ contract, services: harness.services, identify: () => caller, newId });
  const channel = createGrpcChannel(contract, `127.0.0.1:${await server.listen('127.0.0.1:0')}`);
  closeChannel = () => channel.close();
  search = createServiceClient(channel, SearchService);
}
async function stop(): Promise<void> {
  closeChannel();
  await server.stop(0);
  await harness.close();
}

const options = () => ({ deadlineAt: Date.now() + 10_000, metadata: {} });
const quick = (q: string, more: Parameters<Search['quick']>[0] = {}) => search.quick({ q, ...more }, options());
const universal = (query: string, more: Parameters<Search['universal']>[0] = {}) =>
  search.universal({ query, ...more }, options());

describe('without a key and without a network', () => {
  beforeAll(() => start({}, 'none'));
  afterAll(stop);

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
    expect((await quick('time in Singapore')).answers[0]?.text).toContain('Asia/Singapore');
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
    const before = harness.completed.length;
    const answer = await quick('capital of Peru');
    expect(harness.completed).toHaveLength(before + 1);
    expect(harness.completed.at(-1)).toMatchObject({
      type: 'search.completed',
      tenantId: caller.tid,
      data: {
        searchId: answer.searchId,
        intent: 'country',
        categories: ['countries'],
        counts: { countries: 1 },
        completeness: 1,
      },
    });
    expect(JSON.stringify(harness.completed.at(-1))).not.toContain('capital of');
  });

  test('the categories say who answers in each, and whether anybody may now', async () => {
    const { categories, total } = await search.categories({}, options());
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

describe('with providers on the network', () => {
  const players = {} as Record<'open_meteo' | 'met_norway' | 'nominatim', FixturePlayer>;
  const hosts = () => ({
    OPEN_METEO_BASE_URL: `${players.open_meteo.url}/open_meteo/base`,
    MET_NORWAY_BASE_URL: `${players.met_norway.url}/met_norway/base`,
    NOMINATIM_BASE_URL: `${players.nominatim.url}/nominatim/base`,
    UAPI_CONTACT: 'tests@example.org',
  });
  const order = ['open_meteo', 'met_norway', 'nominatim', 'local_cities'];
  beforeAll(async () => {
    for (const id of ['open_meteo', 'met_norway', 'nominatim'] as const) players[id] = await playProvider(id);
  });
  afterAll(() => Promise.all(Object.values(players).map((player) => player.close())));
  afterEach(stop);

  test('weather in London: the weather first, then the place, which was looked up once', async () => {
    for (const player of Object.values(players)) player.play('success');
    await start(hosts(), 'all');
    const asked = players.nominatim.requests.length;
    const answer = await quick('weather in London', { limit: 1, routing: { order } });
    expect(answer.answers.map(({ kind }) => kind)).toEqual(['weather', 'place']);
    expect(answer.answers[0]).toMatchObject({ unit: '°C', data: { case: 'weather' } });
    expect(answer).toMatchObject({ completeness: 1, partial: false });
    expect(answer.attribution.join()).toMatch(/Open-Meteo.*OpenStreetMap/s);
    expect(players.nominatim.requests.length - asked).toBeLessThanOrEqual(2);
  });

  test('a stub that fails all: an error for what nobody else answers, never partial: false', async () => {
    for (const player of Object.values(players)) player.play('server-error');
    await start(hosts(), 'all');
    const only = ['open_meteo', 'met_norway', 'nominatim'];
    await expect(quick('weather in London', { routing: { only } })).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    const answer = await quick('weather in Berlin', { routing: { order, ignore: [] } });
    expect(answer.partial).toBe(true);
    expect(answer.results['weather']?.status).toBe('failed');
    expect(answer.providers).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'open_meteo', category: 'weather', status: 'error' })]),
    );
  });

  test('one that is silent: 504 within the deadline when nobody else answers', async () => {
    for (const player of Object.values(players)) player.stall();
    await start(hosts(), 'all');
    const only = ['met_norway', 'nominatim'];
    const begun = performance.now();
    await expect(quick('weather in London', { routing: { only, deadlineMs: 400 } })).rejects.toMatchObject({
      code: 'provider_timeout',
    });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
