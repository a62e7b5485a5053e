import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork, hostSettings, ProviderFailure } from '@universal-api/providers-kit';
import { describeProvider, recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import { manifest } from './manifest.ts';
import { createOpencageProvider } from './opencage-provider.ts';

const folder = new URL('fixtures/', import.meta.url);
const forward = { address: 'Frauenplan 1, Weimar', limit: 5, language: 'en' };
const reverse = { lat: 52.387783, lon: 9.7334394, language: 'en' };

describeProvider({
  entry: { manifest, create: createOpencageProvider },
  fixtures: folder,
  questions: { 'geocoding.forward': forward, 'geocoding.reverse': reverse },
  expects: {
    'geocoding.reverse.empty': 'not_found',
    ...Object.fromEntries(
      ['geocoding.forward', 'geocoding.reverse'].flatMap((operation) => [
        [`${operation}.notice-quota`, 'quota_exhausted'],
        [`${operation}.notice-disabled`, 'auth'],
        [`${operation}.notice-timeout`, 'retry_elsewhere'],
        [`${operation}.notice-bad-query`, 'empty'],
        [`${operation}.notice-html`, 'malformed'],
      ]),
    ),
  },
});

describe('opencage', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ opencage: await loadFixtures(folder) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const operations = () => {
    const environment = { UAPI_SIMULATOR_URL: player.url, OPENCAGE_API_KEY: 'k&y' };
    return createOpencageProvider(hostSettings(manifest, { environment, http: network.http, version: '0.0.0' }))
      .operations;
  };

  test('asks for what the question says, is not recorded there, and sends the key', async () => {
    player.play('success');
    const question = { ...forward, address: 'Café & Bar', countryCode: 'DE', language: 'de-AT' };
    await operations()['geocoding.forward']?.(question, recordContext());
    const { searchParams } = new URL(player.requests.at(-1)?.url ?? '', 'http://player');
    expect(Object.fromEntries(searchParams)).toEqual({
      q: 'Café & Bar',
      limit: '5',
      language: 'de-AT',
      countrycode: 'de',
      no_annotations: '1',
      no_record: '1',
      key: 'k&y',
    });
  });

  test('a place has our shape', async () => {
    player.play('success');
    const answer = await operations()['geocoding.reverse']?.(reverse, recordContext());
    expect(answer).toEqual({
      distanceM: 6,
      result: {
        name: 'Design Offices',
        label: 'Design Offices, Philipsbornstraße 2, 30165 Hanover, Germany',
        lat: 52.387783,
        lon: 9.7334394,
        kind: 'house',
        houseNumber: '2',
        street: 'Philipsbornstraße',
        postcode: '30165',
        city: 'Hanover',
        county: 'Region Hannover',
        state: 'Lower Saxony',
        country: 'Germany',
        countryCode: 'DE',
        bbox: { south: 52.387733, west: 9.7333894, north: 52.387833, east: 9.7334894 },
      },
    });
  });

  test('a spent day comes back at midnight UTC', async () => {
    player.play('notice-quota', 'geocoding.forward');
    const thrown = await operations()
      ['geocoding.forward']?.(forward, recordContext())
      .catch((error: unknown) => error);
    expect(ProviderFailure.is(thrown) && thrown.until?.toISOString()).toMatch(/T00:00:00\.000Z$/);
  });
});
