import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { create, type DescMessage, type MessageShape } from '@universal-api/protos';
import {
  GetAirQualityRequestSchema,
  GetAirQualityResponseSchema,
  GetCurrentWeatherRequestSchema,
  GetCurrentWeatherResponseSchema,
  GetForecastRequestSchema,
  GetForecastResponseSchema,
  ListWeatherAlertsRequestSchema,
  ListWeatherAlertsResponseSchema,
} from '@universal-api/protos/gen/uapi/search/v1/weather_pb';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import type { Principal } from '@universal-api/principal';
import { weatherProviders } from '@universal-api/providers-weather';
import { callContext, startSearch, type SearchHarness } from './search-harness.ts';

/** Each provider on a server of its own, so that each can fail in its own way. */
const players = new Map<string, FixturePlayer>();
let search: SearchHarness;

const berlin = { lat: 52.52, lon: 13.41 };
const kansas = { lat: 39.7456, lon: -97.0892 };
const oslo = { lat: 59.91, lon: 10.75 };
const lima = { lat: -12.05, lon: -77.04 };

beforeAll(async () => {
  for (const { manifest } of weatherProviders) {
    const folder = `../../../libs/providers/weather/src/${manifest.id.replaceAll('_', '-')}/fixtures/`;
    const fixtures = await loadFixtures(new URL(folder, import.meta.url));
    players.set(manifest.id, await serveFixtures({ [manifest.id]: fixtures }));
  }
});
afterAll(() => Promise.all([...players.values()].map((player) => player.close())));

function start(environment: Record<string, string> = { WEATHERAPI_KEY: 'simulated' }): void {
  for (const player of players.values()) player.play('success');
  const hosts = weatherProviders.flatMap(({ manifest: { id, hosts: names } }) =>
    Object.keys(names).map((name) => [`${id}_${name}_URL`.toUpperCase(), `${playerOf(id).url}/${id}/${name}`]),
  );
  search = startSearch({ ...Object.fromEntries(hosts), ...environment });
}
beforeEach(() => start());
afterEach(() => search.close());

function playerOf(id: string): FixturePlayer {
  const player = players.get(id);
  if (!player) throw new Error(`no player of ${id}`);
  return player;
}

const requestCount = () => [...players.values()].reduce((sum, { requests }) => sum + requests.length, 0);

function ask<In extends DescMessage, Out extends DescMessage>(method: string, input: In, output: Out) {
  return async (request: object, caller: Partial<Principal> = {}): Promise<MessageShape<Out>> => {
    const handler = search.services['uapi.search.v1.WeatherService']?.[method];
    if (!handler) throw new Error(`no handler for ${method}`);
    return create(output, (await handler(create(input, request as never) as never, callContext(caller))) as never);
  };
}
const current = ask('getCurrentWeather', GetCurrentWeatherRequestSchema, GetCurrentWeatherResponseSchema);
const forecast = ask('getForecast', GetForecastRequestSchema, GetForecastResponseSchema);
const air = ask('getAirQuality', GetAirQualityRequestSchema, GetAirQualityResponseSchema);
const alerts = ask('listWeatherAlerts', ListWeatherAlertsRequestSchema, ListWeatherAlertsResponseSchema);

describe('forced to one provider', () => {
  test.each([
    ['open_meteo', kansas, 6.4],
    ['met_norway', kansas, 4.6],
    ['nws', kansas, 4.4],
    ['weatherapi', kansas, 6.3],
  ])('the present weather is that of %s', async (provider, where, temperatureC) => {
    const answer = await current({ ...where, routing: { only: [provider] } });
    expect(answer).toMatchObject({ temperatureC, agreement: 'single', location: { countryCode: 'US' } });
    expect(answer.meta).toMatchObject({ provider, attempts: [{ provider, outcome: 'ok' }] });
    expect(answer.sources).toMatchObject([{ provider, temperatureC }]);
  });

  test.each([['open_meteo'], ['met_norway'], ['nws'], ['weatherapi']])(
    'the forecast is that of %s',
    async (provider) => {
      playerOf(provider).play('success', 'weather.forecast');
      const answer = await forecast({ ...kansas, days: 2, hourly: true, routing: { only: [provider] } });
      expect(answer.meta).toMatchObject({ provider });
      expect(answer.days).toHaveLength(2);
      expect(answer.hours.length).toBeGreaterThan(0);
    },
  );

  test.each([['open_meteo'], ['weatherapi']])('the quality of the air is that of %s', async (provider) => {
    const answer = await air({ ...berlin, routing: { only: [provider] } });
    // 31 of the European index; 11.4 µg/m³ of the small particles.
    expect(answer).toMatchObject({ level: 'fair', pm25Ugm3: 11.4, meta: { provider } });
    expect(answer.europeanAqi).toBe(provider === 'open_meteo' ? 31 : undefined);
  });

  test.each([
    ['nws', kansas, 'Winter Storm Warning'],
    ['met_norway', oslo, 'Strong wind gusts'],
    ['meteoalarm', berlin, 'FROST'],
    ['weatherapi', lima, 'Storm'],
  ])('warnings are those of %s', async (provider, where, event) => {
    const answer = await alerts({ ...where, routing: { only: [provider] } });
    expect(answer.meta).toMatchObject({ provider });
    expect(answer.alerts[0]).toMatchObject({ event });
    expect(answer.alerts[0]?.id.startsWith(`${provider}:`)).toBe(true);
  });
});

describe('coverage by country', () => {
  test.each([
    ['the United States', kansas, 'nws'],
    ['Norway', oslo, 'met_norway'],
    ['Germany', berlin, 'meteoalarm'],
    ['Peru', lima, 'weatherapi'],
  ])('warnings in %s come from who covers it', async (_name, where, provider) => {
    const answer = await alerts(where);
    expect(answer.meta?.provider).toBe(provider);
    expect(answer.meta?.attempts).toHaveLength(1);
  });

  test('outside of every coverage is a refusal with its reason, not an empty list', async () => {
    await search.close();
    start({});
    const asked = requestCount();
    await expect(alerts(lima)).rejects.toMatchObject({
      code: 'no_provider_available',
      details: {
        candidates: [
          { provider: 'met_norway', reason: 'out_of_coverage' },
          { provider: 'nws', reason: 'out_of_coverage' },
          { provider: 'meteoalarm', reason: 'out_of_coverage' },
          { provider: 'weatherapi', reason: 'no_credential', variable: 'WEATHERAPI_KEY' },
        ],
      },
    });
    expect(requestCount()).toBe(asked);
  });

  test('a caller without a key of ours does not use the operator’s', async () => {
    await expect(alerts(lima, { typ: 'anonymous' })).rejects.toMatchObject({ code: 'no_provider_available' });
  });

  test('warnings in another part of the country are not those of the point', async () => {
    const geneva = await alerts({ lat: 46.2, lon: 6.14, routing: { only: ['meteoalarm'] } });
    expect(geneva.alerts.map(({ area }) => area)).toEqual(['Kreis Bayreuth']);
    expect(geneva.meta?.degraded).toMatchObject([{ code: 'area_not_matched' }]);
  });
});

describe('falling back', () => {
  test('from spent quota, which that provider says with 403', async () => {
    playerOf('open_meteo').play('server-error');
    playerOf('met_norway').play('server-error');
    playerOf('weatherapi').play('rate-limited');
    await expect(current(berlin)).rejects.toMatchObject({
      code: 'provider_unavailable',
      details: {
        candidates: [
          { provider: 'open_meteo' },
          { provider: 'met_norway' },
          { provider: 'weatherapi', reason: 'quota_exhausted' },
          { provider: 'nws', reason: 'out_of_coverage' },
        ],
      },
    });
  });

  const faults = ['rate-limited', 'unauthorised', 'server-error', 'malformed', 'stall'] as const;
  const breakFirst = (provider: string, operation: string, fault: (typeof faults)[number]) => {
    const player = playerOf(provider);
    if (fault === 'stall') player.stall();
    else player.play(fault, operation);
  };
  const routing = { deadlineMs: 800 };

  describe.each(faults)('when the first provider is in fault: %s', (fault) => {
    test.each([
      ['weather.current', 'open_meteo', 'met_norway', () => current({ ...kansas, routing })],
      ['weather.forecast', 'open_meteo', 'met_norway', () => forecast({ ...kansas, days: 2, routing })],
      ['weather.air_quality', 'open_meteo', 'weatherapi', () => air({ ...berlin, routing })],
      ['weather.alerts', 'nws', 'weatherapi', () => alerts({ ...kansas, routing })],
      ['weather.alerts', 'met_norway', 'meteoalarm', () => alerts({ ...oslo, routing })],
      ['weather.alerts', 'meteoalarm', 'weatherapi', () => alerts({ ...berlin, routing })],
    ])('%s of %s comes from %s', async (operation, first, second, question) => {
      breakFirst(first, operation, fault);
      const { meta } = await question();
      expect(meta?.attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
        [first, 'failed'],
        [second, 'ok'],
      ]);
    });

    test('warnings where nobody else covers the place are refused, never an empty list', async () => {
      await search.close();
      start({});
      breakFirst('nws', 'weather.alerts', fault);
      await expect(alerts({ ...kansas, routing })).rejects.toMatchObject({
        code: fault === 'stall' ? 'provider_timeout' : expect.stringMatching(/^(provider_|no_provider_available$)/),
        details: { candidates: expect.arrayContaining([expect.objectContaining({ provider: 'nws' })]) },
      });
    });
  });

  test('the air comes from the second when the first knows nothing of the place', async () => {
    playerOf('open_meteo').play('empty', 'weather.air_quality');
    expect((await air(berlin)).meta?.provider).toBe('weatherapi');
  });
});

describe('consensus', () => {
  const consensus = (request: object, caller?: Partial<Principal>) => current({ ...request, consensus: true }, caller);
  const sourcesOf = ({ sources }: Awaited<ReturnType<typeof current>>) => sources.map(({ provider }) => provider);

  test('is the median of three lineages, and lists each', async () => {
    const answer = await consensus(kansas);
    expect(sourcesOf(answer)).toEqual(['open_meteo', 'met_norway', 'nws']);
    // 6.4, 4.6 and 4.4 °C; 247, 200 and 200 degrees.
    expect(answer).toMatchObject({ temperatureC: 4.6, agreement: 'low', condition: 'rain' });
    expect(answer.windDirectionDeg).toBeCloseTo(215.1, 0);
    expect(answer.meta?.attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual(
      expect.arrayContaining([
        ['open_meteo', 'ok'],
        ['met_norway', 'ok'],
        ['nws', 'ok'],
      ]),
    );
    expect(answer.meta?.attribution).toMatch(/Open-Meteo.*MET Norway.*National Weather Service/);
    expect(answer.meta?.degraded).toEqual([]);
  });

  test('respects coverage and wishes', async () => {
    expect(sourcesOf(await consensus(berlin))).toEqual(['open_meteo', 'met_norway', 'weatherapi']);
    expect(sourcesOf(await consensus({ ...berlin, routing: { ignore: ['met_norway'] } }))).toEqual([
      'open_meteo',
      'weatherapi',
    ]);
    expect(sourcesOf(await consensus({ ...berlin, routing: { order: ['weatherapi'] } }))).toEqual([
      'weatherapi',
      'open_meteo',
      'met_norway',
    ]);
    expect(sourcesOf(await consensus(berlin, { typ: 'anonymous' }))).toEqual(['open_meteo', 'met_norway']);
  });

  test('of who answers in time; who does not is told', async () => {
    playerOf('open_meteo').stall();
    playerOf('met_norway').play('server-error');
    const answer = await consensus({ ...berlin, routing: { deadlineMs: 400 } });
    expect(sourcesOf(answer)).toEqual(['weatherapi']);
    expect(answer).toMatchObject({ temperatureC: 6.3, agreement: 'single' });
    expect(answer.meta?.degraded).toMatchObject([
      { code: 'source_missing', detail: expect.stringMatching(/^open_meteo: /), from: '3', to: '1' },
      { code: 'source_missing', detail: expect.stringMatching(/^met_norway: /), from: '3', to: '1' },
    ]);
  });

  test('of nobody is the error of an ordinary question', async () => {
    for (const player of players.values()) player.play('server-error');
    await expect(consensus(berlin)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});
