import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork, hostSettings } from '@universal-api/providers-kit';
import { describeProvider, recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import type { Place } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { createWeatherapiProvider } from './weatherapi-provider.ts';

const folder = new URL('fixtures/', import.meta.url);
const location: Place = { name: 'Berlin', label: 'Berlin', kind: 'city', lat: 52.52, lon: 13.41 };

describeProvider({
  entry: { manifest, create: createWeatherapiProvider },
  fixtures: folder,
  questions: {
    'weather.current': { location },
    'weather.forecast': { location, days: 3, hourly: true },
    'weather.air_quality': { location },
    'weather.alerts': { location, language: 'en' },
  },
  expects: {
    ...Object.fromEntries(
      Object.keys(manifest.operations).flatMap((operation) => [
        [`${operation}.notice-disabled`, 'auth'],
        [`${operation}.notice-internal`, 'retry_elsewhere'],
        [`${operation}.notice-error`, 'quota_exhausted'],
        [`${operation}.notice-html`, 'malformed'],
      ]),
    ),
    'weather.air_quality.notice-nothing': 'empty',
  },
});

describe('weatherapi', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ weatherapi: await loadFixtures(folder) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const provider = () => {
    const environment = { UAPI_SIMULATOR_URL: player.url, WEATHERAPI_KEY: 'k&y' };
    const settings = hostSettings(manifest, { environment, http: network.http, version: '0.0.0' });
    return createWeatherapiProvider(settings).operations;
  };

  test('the present weather has our units, and the key stands in the query', async () => {
    player.play('success', 'weather.current');
    const current = await provider()['weather.current']?.({ location }, recordContext());
    expect(player.requests.at(-1)?.url).toBe('/base/current.json?q=52.5200,13.4100&aqi=no&key=k%26y');
    expect(current).toEqual({
      observedAt: new Date('2026-11-24T12:15:00Z'),
      temperatureC: 6.3,
      feelsLikeC: 3.1,
      humidityPct: 81,
      dewPointC: 3.4,
      pressureHpa: 1013,
      windSpeedKmh: 15.1,
      windGustKmh: 30.4,
      windDirectionDeg: 248,
      cloudCoverPct: 100,
      visibilityKm: 10,
      precipitationMm: 0.6,
      uvIndex: 0.4,
      condition: 'rain',
      isDay: true,
    });
  });

  test('fewer days than asked are told; sun times are instants', async () => {
    player.play('success', 'weather.forecast');
    const context = recordContext();
    const forecast = await provider()['weather.forecast']?.({ location, days: 16, hourly: true }, context);
    expect(player.requests.at(-1)?.url).toContain('&days=14&');
    expect(forecast?.timezone).toBe('Europe/Berlin');
    expect(forecast?.days.map(({ date }) => date)).toEqual(['2026-11-24', '2026-11-25', '2026-11-26']);
    expect(forecast?.days[1]).toEqual({
      date: '2026-11-25',
      temperatureMaxC: 8.9,
      temperatureMinC: 2,
      precipitationMm: 2.4,
      precipitationProbabilityPct: 86,
      windSpeedMaxKmh: 21.2,
      uvIndexMax: 0.6,
      sunrise: new Date('2026-11-25T06:42:00Z'),
      sunset: new Date('2026-11-25T14:59:00Z'),
      condition: 'rain',
    });
    expect(forecast?.hours).toHaveLength(72);
    expect(context.degraded).toEqual([{ code: 'days_truncated', detail: '3', from: '16', to: '3' }]);
  });

  test('the air has concentrations and no index', async () => {
    player.play('success', 'weather.air_quality');
    const air = await provider()['weather.air_quality']?.({ location }, recordContext());
    expect(air).toEqual({
      observedAt: new Date('2026-11-24T12:15:00Z'),
      pm25Ugm3: 11.4,
      pm10Ugm3: 16.2,
      ozoneUgm3: 38,
      nitrogenDioxideUgm3: 24.7,
      sulphurDioxideUgm3: 1.9,
      carbonMonoxideUgm3: 243.6,
    });
  });

  test('warnings that come twice are told once, with ids of ours that stay the same', async () => {
    player.play('success', 'weather.alerts');
    const ask = provider()['weather.alerts'];
    const alerts = await ask?.({ location, language: 'en' }, recordContext());
    expect(alerts?.map(({ event, issuer }) => [event, issuer])).toEqual([
      ['Storm', 'WeatherAPI.com'],
      ['Wind gusts', 'WeatherAPI.com'],
    ]);
    expect(await ask?.({ location, language: 'en' }, recordContext())).toEqual(alerts);
  });
});
