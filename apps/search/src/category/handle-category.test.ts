import { afterAll, describe, expect, test } from '@jest/globals';
import { create, timestampDate, timestampFromDate, type DescMessage, type MessageShape } from '@universal-api/protos';
import {
  GetCountryRequestSchema,
  GetCountryResponseSchema,
  ListCountriesRequestSchema,
  ListCountriesResponseSchema,
} from '@universal-api/protos/gen/uapi/search/v1/countries_pb';
import {
  DefineWordRequestSchema,
  DefineWordResponseSchema,
} from '@universal-api/protos/gen/uapi/search/v1/knowledge_pb';
import {
  ConvertTimeRequestSchema,
  ConvertTimeResponseSchema,
  GetTimeRequestSchema,
  GetTimeResponseSchema,
  GetTimeZoneAtRequestSchema,
  GetTimeZoneAtResponseSchema,
  ListTimeZonesRequestSchema,
  ListTimeZonesResponseSchema,
} from '@universal-api/protos/gen/uapi/search/v1/time_pb';
import { GetCurrentWeatherRequestSchema } from '@universal-api/protos/gen/uapi/search/v1/weather_pb';
import { callContext, startSearch } from '../../test/search-harness.ts';

const search = startSearch({}, 'none');
afterAll(() => search.close());

/** Calls a method as the server does: a message in, what `create` makes of the answer out. */
async function call<Out extends DescMessage>(
  method: string,
  request: object,
  response: Out,
  context = callContext(),
): Promise<MessageShape<Out>> {
  const [service = '', name = ''] = method.split('/');
  const handler = search.services[`uapi.search.v1.${service}`]?.[name];
  if (!handler) throw new Error(`no handler for ${method}`);
  const answer = (await handler(request as never, context)) as never;
  return create(response, answer);
}

describe('the time', () => {
  const getTime = (request: object) =>
    call('TimeService/getTime', create(GetTimeRequestSchema, request), GetTimeResponseSchema);

  test('in a zone, and where the answer comes from', async () => {
    const at = timestampFromDate(new Date('2026-07-01T00:00:00Z'));
    const answer = await getTime({ timezone: 'Asia/Tokyo', at });
    expect(answer).toMatchObject({
      timezone: 'Asia/Tokyo',
      localTime: '2026-07-01T09:00:00+09:00',
      utcOffsetS: 32_400,
    });
    expect(answer.meta).toMatchObject({
      requestId: 'request-1',
      provider: 'local_clock',
      attempts: [{ provider: 'local_clock', outcome: 'ok', code: '' }],
      cached: false,
      cost: '0',
    });
    expect(answer.meta?.licence).not.toBe('');
  });

  test('is UTC when nothing is named, and that of the zone at a point', async () => {
    expect((await getTime({})).timezone).toBe('UTC');
    const there = await getTime({ lat: 35.68, lon: 139.69 });
    expect(there.timezone).toBe('Asia/Tokyo');
    expect(there.meta?.attempts.map(({ provider }) => provider)).toEqual(['local_zones', 'local_clock']);
  });

  test('at a place is never that of a longer name that begins alike: two letters are a short form', async () => {
    await expect(getTime({ place: 'LA' })).rejects.toMatchObject({
      code: 'not_found',
      details: { next: { action: 'fix', field: 'place' } },
    });
    expect((await getTime({ place: 'Los Angeles' })).timezone).toBe('America/Los_Angeles');
    expect((await getTime({ place: 'Frankfurt' })).timezone).toBe('Europe/Berlin');
  });

  test('of an unknown zone is a fault of that field', async () => {
    await expect(getTime({ timezone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ field: 'timezone' }] },
    });
  });

  test('is never kept by a client, other answers are, for what is left of their life', async () => {
    const now = callContext();
    await call('TimeService/getTime', create(GetTimeRequestSchema), GetTimeResponseSchema, now);
    expect(now.headers.get('cache-control')).toBe('no-store');
    const zones = callContext();
    const request = create(ListTimeZonesRequestSchema, { countryCode: 'pe' });
    const answer = await call('TimeService/listTimeZones', request, ListTimeZonesResponseSchema, zones);
    expect(answer.zones.map(({ id }) => id)).toEqual(['America/Lima']);
    expect(zones.headers.get('cache-control')).toMatch(/^private, max-age=86(399|400)$/);
  });

  test('in another zone', async () => {
    const request = create(ConvertTimeRequestSchema, { time: '2026-03-29T02:30', from: 'Europe/Paris', to: 'UTC' });
    const answer = await call('TimeService/convertTime', request, ConvertTimeResponseSchema);
    expect(answer).toMatchObject({ skipped: true, ambiguous: false, to: { timezone: 'UTC' } });
  });

  test('at a point, with the time there now', async () => {
    const request = create(GetTimeZoneAtRequestSchema, { lat: -12.05, lon: -77.04 });
    const context = callContext();
    const answer = await call('TimeService/getTimeZoneAt', request, GetTimeZoneAtResponseSchema, context);
    expect(answer).toMatchObject({ timezone: 'America/Lima', atSea: false, now: { utcOffsetS: -18_000 } });
    expect(answer.meta?.provider).toBe('local_zones');
    expect(answer.now?.utcTime && timestampDate(answer.now.utcTime).getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(context.headers.get('cache-control')).toBe('no-store');
  });
});

describe('countries', () => {
  const list = (request: object) =>
    call('CountryService/listCountries', create(ListCountriesRequestSchema, request), ListCountriesResponseSchema);

  test('by code', async () => {
    const request = create(GetCountryRequestSchema, { code: 'PE' });
    const { country, meta } = await call('CountryService/getCountry', request, GetCountryResponseSchema);
    expect(country).toMatchObject({ code: 'PE', name: 'Peru', capitals: ['Lima'] });
    expect(country?.population).toBeUndefined();
    expect(meta?.attribution).not.toBe('');
  });

  test('unknown, are not found', async () => {
    const request = create(GetCountryRequestSchema, { code: 'Atlantis' });
    const got = call('CountryService/getCountry', request, GetCountryResponseSchema);
    await expect(got).rejects.toMatchObject({ code: 'not_found' });
  });

  test('come in pages, each country once', async () => {
    const names: string[] = [];
    let pageToken = '';
    do {
      const page = await list({ region: 'Americas', pageSize: 20, pageToken });
      expect(page.countries.length).toBeLessThanOrEqual(20);
      names.push(...page.countries.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(40);
    expect(names).toContain('Peru');
  });

  test('of another filter do not go on under a token', async () => {
    const { nextPageToken } = await list({ region: 'Americas', pageSize: 20 });
    const other = list({ region: 'Europe', pageSize: 20, pageToken: nextPageToken });
    await expect(other).rejects.toMatchObject({ code: 'page_token_invalid' });
  });

  test('that nobody knows are an empty list', async () => {
    expect(await list({ query: 'zzzz' })).toMatchObject({ countries: [], nextPageToken: '' });
  });
});

describe('a word', () => {
  const define = (request: object) =>
    call('KnowledgeService/defineWord', create(DefineWordRequestSchema, request), DefineWordResponseSchema);

  test('has its meanings', async () => {
    const { word, meanings } = await define({ word: '  serendipity ' });
    expect(word).toBe('serendipity');
    expect(meanings[0]).toMatchObject({ partOfSpeech: 'noun' });
    expect(meanings[0]?.definitions[0]?.text).not.toBe('');
  });

  test('of a language that nobody covers has candidates with that reason', async () => {
    await expect(define({ word: 'chat', language: 'fr' })).rejects.toMatchObject({
      code: 'no_provider_available',
      details: {
        candidates: [{ provider: 'local_dictionary', reason: 'out_of_coverage' }],
        next: { action: 'use_other' },
      },
    });
  });

  test('that is nothing but space, and a language that is no tag, are faults of their fields', async () => {
    await expect(define({ word: '   ' })).rejects.toMatchObject({ details: { errors: [{ field: 'word' }] } });
    await expect(define({ word: 'x', language: 'not a tag' })).rejects.toMatchObject({
      details: { errors: [{ field: 'language' }] },
    });
  });
});

describe('without egress', () => {
  test('weather is refused, and the variable is named', async () => {
    const request = create(GetCurrentWeatherRequestSchema, { lat: 1, lon: 2 });
    await expect(call('WeatherService/getCurrentWeather', request, GetTimeResponseSchema)).rejects.toMatchObject({
      code: 'no_provider_available',
      details: {
        candidates: expect.arrayContaining([{ provider: 'open_meteo', reason: 'no_egress', variable: 'UAPI_EGRESS' }]),
        next: { action: 'enable' },
      },
    });
  });

  test('wishes for an unknown provider are refused before anybody is asked', async () => {
    const routing = { only: ['nobody'] };
    const request = create(GetCurrentWeatherRequestSchema, { place: 'Lyon', routing });
    await expect(call('WeatherService/getCurrentWeather', request, GetTimeResponseSchema)).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ field: 'routing.only[0]' }] },
    });
  });
});
