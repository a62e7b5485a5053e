import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork, hostSettings } from '@universal-api/providers-kit';
import { describeProvider, recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import type { Place } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { createMetNorwayProvider } from './met-norway-provider.ts';

const folder = new URL('fixtures/', import.meta.url);
const location: Place = { name: 'Oslo', label: 'Oslo', kind: 'city', lat: 59.91, lon: 10.75 };

describeProvider({
  entry: { manifest, create: createMetNorwayProvider },
  fixtures: folder,
  questions: {
    'weather.current': { location },
    'weather.forecast': { location, days: 3, hourly: true },
    'weather.alerts': { location, language: 'en' },
  },
  expects: {
    'weather.current.notice-html': 'malformed',
    'weather.forecast.notice-html': 'malformed',
    'weather.alerts.notice-html': 'malformed',
  },
  absent: { 'weather.alerts.empty': 'that there are no warnings is an answer' },
});

describe('met_norway', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ met_norway: await loadFixtures(folder) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const provider = () => {
    const environment = { UAPI_SIMULATOR_URL: player.url };
    return createMetNorwayProvider(hostSettings(manifest, { environment, http: network.http, version: '0.0.0' }));
  };
  const forecast = async (question: { days: number; hourly?: boolean; place?: Place }) => {
    player.play('success', 'weather.forecast');
    const context = recordContext();
    const { days, hourly = false, place = location } = question;
    const answer = await provider().operations['weather.forecast']?.({ location: place, days, hourly }, context);
    return { answer, context };
  };

  test('coordinates are cut to 4 decimals', async () => {
    player.play('success', 'weather.current');
    const place = { ...location, lat: 59.913879, lon: -0.000049 };
    await provider().operations['weather.current']?.({ location: place }, recordContext());
    expect(player.requests.at(-1)?.url).toBe('/base/locationforecast/2.0/compact?lat=59.9138&lon=0');
  });

  test('the present weather is the first step, wind in km/h', async () => {
    player.play('success', 'weather.current');
    const current = await provider().operations['weather.current']?.({ location }, recordContext());
    expect(current).toEqual({
      observedAt: new Date('2026-11-24T12:00:00Z'),
      temperatureC: 4.6,
      humidityPct: 70,
      pressureHpa: 1009.5,
      windSpeedKmh: 7.2,
      windDirectionDeg: 200,
      cloudCoverPct: 60,
      precipitationMm: 0,
      condition: 'partly_cloudy',
      isDay: true,
    });
  });

  test('Expires of an answer is passed on', async () => {
    player.play('success', 'weather.current');
    const context = recordContext();
    const before = Date.now();
    await provider().operations['weather.current']?.({ location }, context);
    expect(context.expiries).toHaveLength(1);
    expect(context.expiries[0]).toBeGreaterThan(before);
  });

  test('without a time zone days are those of UTC, and that is told', async () => {
    const { answer, context } = await forecast({ days: 2 });
    expect(answer?.timezone).toBe('UTC');
    expect(answer?.days.map(({ date }) => date)).toEqual(['2026-11-24', '2026-11-25']);
    expect(context.degraded.map(({ code }) => code)).toEqual(['timezone_utc', 'partial_day']);
  });

  test('with a time zone days are those of the place', async () => {
    const place = { ...location, timezone: 'Pacific/Kiritimati' };
    const { answer, context } = await forecast({ days: 2, place });
    expect(answer?.timezone).toBe('Pacific/Kiritimati');
    expect(answer?.days.map(({ date }) => date)).toEqual(['2026-11-25', '2026-11-26']);
    expect(context.degraded.map(({ code }) => code)).not.toContain('timezone_utc');
  });

  test('fewer days and hours than asked are told', async () => {
    const { answer, context } = await forecast({ days: 16, hourly: true });
    // The last step says nothing of the day it begins, and half a day is no day.
    expect(answer?.days).toHaveLength(4);
    expect(answer?.hours).toHaveLength(36);
    expect(context.degraded.slice(2)).toEqual([
      { code: 'days_truncated', detail: '4', from: '16', to: '4' },
      { code: 'hours_truncated', detail: '36' },
    ]);
  });

  test('warnings are the most severe first, in the language that was asked', async () => {
    player.play('success', 'weather.alerts');
    const ask = provider().operations['weather.alerts'];
    const alerts = await ask?.({ location, language: 'en' }, recordContext());
    expect(alerts?.map(({ severity, event }) => [severity, event])).toEqual([
      ['severe', 'Strong wind gusts'],
      ['moderate', 'Heavy rain'],
    ]);
    expect(alerts?.[1]).toEqual({
      id: 'met_norway:2.49.0.1.578.0.20261124060000.001',
      event: 'Heavy rain',
      severity: 'moderate',
      certainty: 'likely',
      headline: 'Heavy rain, yellow level, Østlandet',
      description: '40-60 mm of rain in 12 hours.\n\nLocal flooding of roads.',
      instruction: 'Make sure that drains are open.',
      area: 'Østlandet',
      startsAt: new Date('2026-11-24T06:00:00Z'),
      endsAt: new Date('2099-11-25T18:00:00Z'),
      issuer: 'MET Norway',
      language: 'en',
    });
    await ask?.({ location, language: 'nb-NO' }, recordContext());
    expect(player.requests.at(-1)?.url).toBe('/base/metalerts/2.0/current.json?lat=59.91&lon=10.75&lang=no');
  });

  test('hours are those of the days given, all of them while there are hourly steps', async () => {
    const { answer, context } = await forecast({ days: 2, hourly: true });
    expect(answer?.hours).toHaveLength(36);
    expect(answer?.hours.at(-1)?.time).toEqual(new Date('2026-11-25T23:00:00Z'));
    expect(context.degraded.map(({ code }) => code)).not.toContain('hours_truncated');
  });
});
