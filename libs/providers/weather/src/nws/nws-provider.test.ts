import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork, hostSettings } from '@universal-api/providers-kit';
import { describeProvider, recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import type { Place } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { createNwsProvider } from './nws-provider.ts';

const folder = new URL('fixtures/', import.meta.url);
const location: Place = { name: 'Linn', label: 'Linn', kind: 'city', lat: 39.7456, lon: -97.0892, countryCode: 'US' };
const operations = ['weather.current', 'weather.forecast', 'weather.alerts'];

/** A clock on which two days pass between two looks, so that nothing that was looked up is kept. */
function leapingClock(): () => number {
  let time = Date.now();
  return () => (time += 2 * 86_400_000);
}

describeProvider({
  entry: { manifest, create: (settings) => createNwsProvider(settings, leapingClock()) },
  fixtures: folder,
  questions: {
    'weather.current': { location },
    'weather.forecast': { location, days: 3, hourly: true },
    'weather.alerts': { location, language: 'en' },
  },
  expects: {
    ...Object.fromEntries(operations.map((operation) => [`${operation}.notice-html`, 'malformed'])),
    'weather.current.notice-outside': 'empty',
    'weather.forecast.notice-outside': 'empty',
  },
  absent: { 'weather.alerts.empty': 'that there are no warnings is an answer' },
});

describe('nws', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ nws: await loadFixtures(folder) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const provider = () => {
    const environment = { UAPI_SIMULATOR_URL: player.url };
    return createNwsProvider(hostSettings(manifest, { environment, http: network.http, version: '0.0.0' })).operations;
  };

  test('the present weather takes three calls the first time and one after that', async () => {
    player.play('success', 'weather.current');
    const from = player.requests.length;
    const ask = provider()['weather.current'];
    const current = await ask?.({ location: { ...location, lat: 39.74561 } }, recordContext());
    await ask?.({ location }, recordContext());
    expect(player.requests.slice(from).map(({ url }) => url)).toEqual([
      '/base/points/39.7456,-97.0892',
      '/base/gridpoints/TOP/32,81/stations',
      '/base/stations/KMYZ/observations/latest',
      '/base/stations/KMYZ/observations/latest',
    ]);
    expect(current).toEqual({
      observedAt: new Date('2026-11-24T12:15:00Z'),
      temperatureC: 4.4,
      feelsLikeC: 1.4,
      humidityPct: 87.5,
      dewPointC: 3,
      pressureHpa: 1016.9,
      windSpeedKmh: 14.8,
      windDirectionDeg: 200,
      visibilityKm: 8,
      precipitationMm: 0.5,
      condition: 'rain',
      isDay: true,
    });
  });

  test('days are those of the place, made of their hours, in °C and km/h', async () => {
    player.play('success', 'weather.forecast');
    const context = recordContext();
    const forecast = await provider()['weather.forecast']?.({ location, days: 5, hourly: false }, context);
    expect(forecast?.timezone).toBe('America/Chicago');
    expect(forecast?.days).toEqual([
      {
        date: '2026-11-24',
        temperatureMaxC: 8.3,
        temperatureMinC: 3.3,
        precipitationProbabilityPct: 0,
        windSpeedMaxKmh: 16.1,
        condition: 'cloudy',
      },
      expect.objectContaining({ date: '2026-11-25', precipitationProbabilityPct: 40, condition: 'rain' }),
      expect.objectContaining({ date: '2026-11-26' }),
    ]);
    expect(forecast?.hours).toEqual([]);
    expect(context.degraded).toEqual([
      { code: 'partial_day', detail: '2026-11-24' },
      { code: 'days_truncated', detail: '3', from: '5', to: '3' },
    ]);
  });

  test('hours are those of the days given', async () => {
    player.play('success', 'weather.forecast');
    const forecast = await provider()['weather.forecast']?.({ location, days: 1, hourly: true }, recordContext());
    expect(forecast?.hours).toHaveLength(18);
    expect(forecast?.hours[0]).toEqual({
      time: new Date('2026-11-24T12:00:00Z'),
      temperatureC: 3.3,
      humidityPct: 80,
      precipitationProbabilityPct: 0,
      windSpeedKmh: 8,
      windDirectionDeg: 202.5,
      condition: 'cloudy',
    });
  });

  test('warnings are the most severe first', async () => {
    player.play('success', 'weather.alerts');
    const alerts = await provider()['weather.alerts']?.({ location, language: 'en' }, recordContext());
    expect(player.requests.at(-1)?.url).toBe('/base/alerts/active?point=39.7456,-97.0892');
    expect(alerts?.map(({ severity, event }) => [severity, event])).toEqual([
      ['severe', 'Winter Storm Warning'],
      ['moderate', 'Wind Advisory'],
    ]);
    expect(alerts?.[0]).toMatchObject({
      id: 'nws:urn:oid:2.49.0.1.840.0.0a2',
      urgency: 'expected',
      certainty: 'likely',
      area: 'Washington, KS; Marshall, KS',
      startsAt: new Date('2026-11-25T00:00:00Z'),
      endsAt: new Date('2099-11-26T00:00:00Z'),
      issuer: 'NWS Topeka KS',
      language: 'en-US',
    });
  });
});
