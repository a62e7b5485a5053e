import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork, hostSettings } from '@universal-api/providers-kit';
import { describeProvider, recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import type { Place } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { createMeteoalarmProvider } from './meteoalarm-provider.ts';

const folder = new URL('fixtures/', import.meta.url);
const location: Place = { name: 'Berlin', label: 'Berlin', kind: 'city', lat: 52.52, lon: 13.41, countryCode: 'DE' };

/** A clock on which two minutes pass between two looks, so that no feed is kept. */
function leapingClock(): () => number {
  let time = Date.now();
  return () => (time += 120_000);
}

describeProvider({
  entry: { manifest, create: (settings) => createMeteoalarmProvider(settings, leapingClock()) },
  fixtures: folder,
  questions: { 'weather.alerts': { location, language: 'en' } },
  expects: { 'weather.alerts.notice-html': 'malformed' },
  absent: { 'weather.alerts.empty': 'that there are no warnings is an answer' },
});

describe('meteoalarm', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ meteoalarm: await loadFixtures(folder) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const provider = () => {
    const environment = { UAPI_SIMULATOR_URL: player.url };
    const settings = hostSettings(manifest, { environment, http: network.http, version: '0.0.0' });
    return createMeteoalarmProvider(settings).operations['weather.alerts'];
  };

  test('warnings are those that hold at the point, and those without an outline, which is told', async () => {
    const context = recordContext();
    const alerts = await provider()?.({ location, language: 'en' }, context);
    expect(player.requests.at(-1)?.url).toBe('/base/warnings/feeds-germany');
    expect(alerts?.map(({ severity, area, language }) => [severity, area, language])).toEqual([
      ['moderate', 'Kreis Bayreuth', 'de-DE'],
      ['minor', 'Berlin', 'en-GB'],
    ]);
    expect(alerts?.[1]).toEqual({
      id: 'meteoalarm:2.49.0.0.276.0.DWD.1',
      event: 'wind gusts',
      severity: 'minor',
      urgency: 'future',
      certainty: 'likely',
      headline: 'Official WARNING of WIND GUSTS',
      description: 'There is a risk of wind gusts.',
      area: 'Berlin',
      startsAt: new Date('2026-11-24T17:00:00Z'),
      endsAt: new Date('2099-11-25T17:00:00Z'),
      issuer: 'Deutscher Wetterdienst',
      language: 'en-GB',
      url: 'https://www.dwd.de/warnungen',
    });
    expect(context.degraded).toEqual([{ code: 'area_not_matched', detail: '1', from: 'point', to: 'country' }]);
  });

  test('a feed is asked for once a minute, however many points of the country are', async () => {
    const ask = provider();
    const from = player.requests.length;
    await ask?.({ location, language: 'de' }, recordContext());
    const munich = await ask?.({ location: { ...location, lat: 48.14, lon: 11.58 }, language: 'de' }, recordContext());
    expect(munich?.map(({ area }) => area)).toEqual(['München', 'Kreis Bayreuth']);
    expect(player.requests).toHaveLength(from + 1);
  });

  test('a country without a feed is not asked for', async () => {
    const from = player.requests.length;
    for (const countryCode of ['US', 'constructor', undefined]) {
      const asked = provider()?.({ location: { ...location, countryCode }, language: 'en' }, recordContext());
      await expect(asked).rejects.toMatchObject({ failure: 'empty' });
    }
    expect(player.requests).toHaveLength(from);
  });
});
