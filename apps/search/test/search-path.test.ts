import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createGrpcChannel, createGrpcServer, createServiceClient, type GrpcServer } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import type { Principal } from '@universal-api/principal';
import { productContract, type ServiceClient } from '@universal-api/protos';
import { WeatherService } from '@universal-api/protos/gen/uapi/search/v1/weather_pb';
import type { FixturePlayer } from '@universal-api/providers-kit/fixtures';
import { playProvider, principal, startSearch, type SearchHarness } from './search-harness.ts';

type Weather = ServiceClient<typeof WeatherService, { deadlineAt: number; metadata: Record<string, string> }>;

const players = {} as Record<'open_meteo' | 'met_norway' | 'nominatim', FixturePlayer>;
let search: SearchHarness;
let server: GrpcServer;
let weather: Weather;
let closeChannel: () => void;
let caller: Principal;

beforeAll(async () => {
  for (const id of ['open_meteo', 'met_norway', 'nominatim'] as const) players[id] = await playProvider(id);
});
afterAll(() => Promise.all(Object.values(players).map((player) => player.close())));

async function start(environment: Record<string, string> = {}): Promise<void> {
  for (const player of Object.values(players)) player.play('success');
  caller = principal();
  search = startSearch({
    OPEN_METEO_BASE_URL: `${players.open_meteo.url}/open_meteo/base`,
    OPEN_METEO_CUSTOMER_URL: `${players.open_meteo.url}/open_meteo/customer`,
    MET_NORWAY_BASE_URL: `${players.met_norway.url}/met_norway/base`,
    NOMINATIM_BASE_URL: `${players.nominatim.url}/nominatim/base`,
    UAPI_CONTACT: 'tests@example.org',
    ...environment,
  });
  const contract = productContract();
  server = createGrpcServer({ contract, services: search.services, identify: () => caller, newId });
  const channel = createGrpcChannel(contract, `127.0.0.1:${await server.listen('127.0.0.1:0')}`);
  closeChannel = () => channel.close();
  weather = createServiceClient(channel, WeatherService);
}
async function stop(): Promise<void> {
  closeChannel();
  await server.stop(0);
  await search.close();
}
beforeEach(() => start());
afterEach(stop);

const current = (request: Parameters<Weather['getCurrentWeather']>[0] = { lat: 52.52, lon: 13.41 }) =>
  weather.getCurrentWeather(request, { deadlineAt: Date.now() + 10_000, metadata: {} });
const attemptsOf = (meta: { attempts: { provider: string; outcome: string; code: string }[] } | undefined) =>
  meta?.attempts.map(({ provider, outcome, code }) => [provider, outcome, code]);

describe('the weather at a point', () => {
  test('comes from the first provider, typed and told of, and from the cache the second time', async () => {
    const first = await current();
    expect(first).toMatchObject({ temperatureC: 6.4, condition: 'rain', agreement: 'single' });
    expect(first.location).toMatchObject({ name: '52.52, 13.41', lat: 52.52, lon: 13.41 });
    expect(first.sources).toMatchObject([{ provider: 'open_meteo', temperatureC: 6.4, condition: 'rain' }]);
    expect(first.meta).toMatchObject({ provider: 'open_meteo', cached: false, cost: '0', degraded: [] });
    expect(first.meta?.requestId).not.toBe('');
    expect(first.meta?.attribution).toContain('Open-Meteo');

    const asked = players.open_meteo.requests.length;
    const second = await current({ lat: 52.520001, lon: 13.41 });
    expect(second.meta).toMatchObject({ provider: 'open_meteo', cached: true, attempts: [] });
    expect(second.meta?.asOf).toEqual(first.meta?.asOf);
    expect(players.open_meteo.requests).toHaveLength(asked);
  });

  test.each([
    ['rate-limited', 'quota_exhausted'],
    ['unauthorised', 'auth'],
    ['server-error', 'retry_elsewhere'],
    ['malformed', 'malformed'],
    ['empty', 'empty'],
    ['notice-html', 'malformed'],
    ['notice-daily-limit', 'quota_exhausted'],
  ])('comes from the second when the first is %s, and says so', async (outcome, code) => {
    players.open_meteo.play(outcome);
    const answer = await current();
    expect(answer.meta?.provider).toBe('met_norway');
    expect(attemptsOf(answer.meta)).toEqual([
      ['open_meteo', 'failed', code],
      ['met_norway', 'ok', ''],
    ]);
    expect(answer.sources).toMatchObject([{ provider: 'met_norway' }]);
  });

  test('comes from the second within the deadline when the first is silent', async () => {
    players.open_meteo.stall();
    const answer = await current({ lat: 52.52, lon: 13.41, routing: { deadlineMs: 600 } });
    expect(attemptsOf(answer.meta)).toEqual([
      ['open_meteo', 'failed', 'timeout'],
      ['met_norway', 'ok', ''],
    ]);
  });

  test.each([
    [['server-error', 'server-error'], 'provider_unavailable'],
    [['server-error', 'malformed'], 'provider_unavailable'],
    [['malformed', 'malformed'], 'provider_unavailable'],
    [['unauthorised', 'unauthorised'], 'provider_unavailable'],
    [['rate-limited', 'rate-limited'], 'no_provider_available'],
  ])('is refused with every candidate when all are %j: %s', async ([first = '', second = ''], code) => {
    players.open_meteo.play(first);
    players.met_norway.play(second);
    await expect(current()).rejects.toMatchObject({
      code,
      details: {
        candidates: [
          { provider: 'open_meteo' },
          { provider: 'met_norway' },
          { provider: 'nws', reason: 'out_of_coverage' },
          { provider: 'weatherapi', reason: 'no_credential' },
        ],
      },
    });
  });

  test('is refused as too late when all are silent', async () => {
    players.open_meteo.stall();
    players.met_norway.stall();
    await expect(current({ lat: 1, lon: 1, routing: { deadlineMs: 300 } })).rejects.toMatchObject({
      code: 'provider_timeout',
    });
  });

  test('goes by the wishes', async () => {
    const answer = await current({ lat: 52.52, lon: 13.41, routing: { order: ['met_norway'] } });
    expect(answer.meta?.provider).toBe('met_norway');
    await expect(
      current({ lat: 52.52, lon: 13.41, routing: { only: ['met_norway'], ignore: ['met_norway'] } }),
    ).rejects.toMatchObject({
      code: 'no_provider_available',
      details: { next: { action: 'fix' } },
    });
  });
});

describe('the weather at a named place', () => {
  test('is that of the best match, with the provenance of both', async () => {
    const answer = await current({ place: 'London' });
    expect(answer.location).toMatchObject({ name: 'London', kind: 'city', countryCode: 'GB' });
    expect(attemptsOf(answer.meta)).toEqual([
      ['nominatim', 'ok', ''],
      ['open_meteo', 'ok', ''],
    ]);
    expect(answer.meta?.attribution).toMatch(/Open-Meteo.*OpenStreetMap/);
  });

  test('that nobody knows is not found, and the field is named', async () => {
    players.nominatim.play('empty', 'geocoding.forward');
    const routing = { ignore: ['local_cities'] };
    await expect(current({ place: 'Nowhere at all', routing })).rejects.toMatchObject({
      code: 'not_found',
      details: { next: { action: 'fix', field: 'place' } },
    });
  });

  describe('that the city list does not have, while the geocoder is down', () => {
    const ignore = ['photon', 'opencage', 'positionstack', 'open_meteo'];
    const place = 'Saint-Nowhere-les-Bains';

    test.each([
      ['server-error', 'retry_elsewhere'],
      ['unauthorised', 'auth'],
      ['malformed', 'malformed'],
    ])('(%s) could not be looked up: the reasons are told, and it is no not_found', async (outcome, reason) => {
      players.nominatim.play(outcome, 'geocoding.forward');
      await expect(current({ place, routing: { ignore } })).rejects.toMatchObject({
        code: 'provider_unavailable',
        details: {
          detail: expect.stringContaining('could not be looked up'),
          candidates: [
            { provider: 'nominatim', reason },
            { provider: 'local_cities', reason: 'empty' },
            ...['photon', 'opencage', 'positionstack', 'open_meteo'].map((provider) =>
              expect.objectContaining({ provider }),
            ),
          ],
          next: { action: 'retry', field: 'place' },
        },
      });
    });

    test('is looked up anew when it is asked again, though the empty answer is kept for a while', async () => {
      players.nominatim.play('server-error', 'geocoding.forward');
      await expect(current({ place, routing: { ignore } })).rejects.toMatchObject({ code: 'provider_unavailable' });
      await expect(current({ place, routing: { ignore } })).rejects.toMatchObject({
        code: 'provider_unavailable',
        details: { candidates: expect.arrayContaining([{ provider: 'nominatim', reason: 'retry_elsewhere' }]) },
      });
      players.nominatim.play('success', 'geocoding.forward');
      const answer = await current({ place, routing: { ignore } });
      expect(answer.location).toMatchObject({ name: 'London' });
      expect(answer.meta?.degraded).toEqual([]);
    });

    test('could not be looked up either when the list only has a longer name that begins alike', async () => {
      players.nominatim.play('server-error', 'geocoding.forward');
      await expect(current({ place: 'LA', routing: { ignore } })).rejects.toMatchObject({
        code: 'provider_unavailable',
        details: { candidates: expect.arrayContaining([{ provider: 'local_cities', reason: 'empty' }]) },
      });
    });

    test('could not be looked up either when no list is left to ask', async () => {
      players.nominatim.play('server-error', 'geocoding.forward');
      await expect(current({ place, routing: { ignore: [...ignore, 'local_cities'] } })).rejects.toMatchObject({
        code: 'provider_unavailable',
        details: { detail: expect.stringContaining('could not be looked up'), next: { field: 'place' } },
      });
    });

    test('is found when the list has it, and told of as a weaker basis', async () => {
      players.nominatim.play('server-error', 'geocoding.forward');
      const answer = await current({ place: 'Marseille', routing: { ignore } });
      expect(answer.location).toMatchObject({ name: 'Marseille' });
      expect(answer.meta?.degraded).toMatchObject([{ code: 'weaker_basis', from: 'nominatim', to: 'local_cities' }]);
    });
  });
});

describe('a caller without a key of ours', () => {
  test('is never served with the operator’s credential', async () => {
    await stop();
    await start({ OPEN_METEO_API_KEY: 'operators-key' });
    expect((await current()).meta?.provider).toBe('open_meteo');
    caller = principal({ typ: 'anonymous' });
    const asked = players.open_meteo.requests.length;
    expect((await current({ lat: 40, lon: 5 })).meta?.provider).toBe('met_norway');
    expect(players.open_meteo.requests).toHaveLength(asked);
  });
});

describe('the forecast', () => {
  test('has the days that were asked for', async () => {
    const answer = await weather.getForecast(
      { lat: 52.52, lon: 13.41, days: 3 },
      { deadlineAt: Date.now() + 10_000, metadata: {} },
    );
    expect(answer.days.length).toBeLessThanOrEqual(3);
    expect(answer.days[0]?.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(answer.hours).toEqual([]);
    expect(answer.timezone).not.toBe('');
  });
});
