import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork, hostSettings, ProviderFailure } from '@universal-api/providers-kit';
import { describeProvider, recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import type { Place } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { createOpenMeteoProvider } from './open-meteo-provider.ts';

const folder = new URL('fixtures/', import.meta.url);
const location: Place = { name: 'Berlin', label: 'Berlin', kind: 'city', lat: 52.52, lon: 13.41 };

describeProvider({
  entry: { manifest, create: createOpenMeteoProvider },
  fixtures: folder,
  questions: {
    'weather.current': { location },
    'weather.forecast': { location, days: 3, hourly: true },
    'weather.air_quality': { location },
  },
  expects: Object.fromEntries(
    ['weather.current', 'weather.forecast', 'weather.air_quality'].flatMap((operation) => [
      [`${operation}.notice-daily-limit`, 'quota_exhausted'],
      [`${operation}.notice-hourly-limit`, 'quota_exhausted'],
      [`${operation}.notice-concurrent`, 'retry_elsewhere'],
      [`${operation}.notice-range`, 'caller_error'],
      [`${operation}.notice-error`, 'malformed'],
      [`${operation}.notice-html`, 'malformed'],
    ]),
  ),
});

describe('open_meteo without a key', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ open_meteo: await loadFixtures(folder) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const provider = (environment: Record<string, string> = {}) =>
    createOpenMeteoProvider(
      hostSettings(manifest, {
        environment: { UAPI_SIMULATOR_URL: player.url, ...environment },
        http: network.http,
        version: '0.0.0',
      }),
    );

  test('asks the free host, with 4 decimals and no key', async () => {
    player.play('success', 'weather.current');
    await provider().operations['weather.current']?.({ location: { ...location, lat: 52.123456 } }, recordContext());
    const { url } = player.requests.at(-1) ?? {};
    expect(url).toMatch(/^\/base\/forecast\?latitude=52\.1235&longitude=13\.4100&current=temperature_2m,/);
    expect(url).not.toContain('apikey');
  });

  test('with a key asks the customer host', async () => {
    player.play('success', 'weather.current');
    const keyed = provider({ OPEN_METEO_API_KEY: 'k&y' });
    await keyed.operations['weather.current']?.({ location }, recordContext());
    expect(player.requests.at(-1)?.url).toMatch(/^\/customer\/forecast\?.*&apikey=k%26y$/);
  });

  test('the present weather has our units', async () => {
    player.play('success', 'weather.current');
    const current = await provider().operations['weather.current']?.({ location }, recordContext());
    expect(current).toEqual({
      observedAt: new Date('2026-11-24T12:15:00Z'),
      temperatureC: 6.4,
      feelsLikeC: 2.9,
      humidityPct: 81,
      dewPointC: 3.4,
      pressureHpa: 1013.2,
      windSpeedKmh: 14.8,
      windGustKmh: 31.3,
      windDirectionDeg: 247,
      cloudCoverPct: 100,
      visibilityKm: 24.14,
      precipitationMm: 0.6,
      uvIndex: 0.45,
      condition: 'rain',
      wmoCode: 61,
      isDay: true,
    });
  });

  test('the air has its hosts, indices and concentrations', async () => {
    player.play('success', 'weather.air_quality');
    const air = await provider().operations['weather.air_quality']?.({ location }, recordContext());
    expect(player.requests.at(-1)?.url).toMatch(/^\/air_quality\/air-quality\?latitude=52\.5200&longitude=13\.4100&/);
    expect(air).toEqual({
      observedAt: new Date('2026-11-24T12:00:00Z'),
      europeanAqi: 31,
      usAqi: 54,
      pm25Ugm3: 11.4,
      pm10Ugm3: 16.2,
      ozoneUgm3: 38,
      nitrogenDioxideUgm3: 24.7,
      sulphurDioxideUgm3: 1.9,
      carbonMonoxideUgm3: 243,
    });
    const keyed = provider({ OPEN_METEO_API_KEY: 'key' });
    await keyed.operations['weather.air_quality']?.({ location }, recordContext());
    expect(player.requests.at(-1)?.url).toMatch(/^\/customer_air_quality\/air-quality\?.*&apikey=key$/);
  });

  test('days are those of the place, hours come only if asked', async () => {
    player.play('success', 'weather.forecast');
    const ask = provider().operations['weather.forecast'];
    const context = recordContext();
    const daily = await ask?.({ location, days: 3, hourly: false }, context);
    expect(daily?.timezone).toBe('Europe/Berlin');
    expect(daily?.days.map(({ date }) => date)).toEqual(['2026-11-24', '2026-11-25', '2026-11-26']);
    expect(context.degraded).toEqual([]);
    expect(player.requests.at(-1)?.url).not.toContain('hourly');
  });

  test('fewer days than asked are told', async () => {
    player.play('success', 'weather.forecast');
    const context = recordContext();
    await provider().operations['weather.forecast']?.({ location, days: 16, hourly: true }, context);
    expect(context.degraded).toEqual([{ code: 'days_truncated', detail: '3', from: '16', to: '3' }]);
  });

  test('a spent daily allowance comes back at midnight UTC', async () => {
    player.play('notice-daily-limit', 'weather.current');
    const thrown = await provider()
      .operations['weather.current']?.({ location }, recordContext())
      .catch((error: unknown) => error);
    expect(ProviderFailure.is(thrown) && thrown.until?.toISOString()).toMatch(/T00:00:00\.000Z$/);
  });
});
