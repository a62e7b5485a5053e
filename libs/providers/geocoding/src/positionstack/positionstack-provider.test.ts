import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork, hostSettings } from '@universal-api/providers-kit';
import { describeProvider, recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import { manifest } from './manifest.ts';
import { createPositionstackProvider } from './positionstack-provider.ts';

const folder = new URL('fixtures/', import.meta.url);
const forward = { address: '1600 Pennsylvania Ave NW, Washington DC', limit: 5, language: 'en' };
const reverse = { lat: 40.763841, lon: -73.972972, language: 'en' };

describeProvider({
  entry: { manifest, create: createPositionstackProvider },
  fixtures: folder,
  questions: { 'geocoding.forward': forward, 'geocoding.reverse': reverse },
  expects: {
    'geocoding.reverse.empty': 'not_found',
    ...Object.fromEntries(
      ['geocoding.forward', 'geocoding.reverse'].flatMap((operation) => [
        [`${operation}.notice-month`, 'quota_exhausted'],
        [`${operation}.notice-plan`, 'auth'],
        [`${operation}.notice-tls`, 'auth'],
        [`${operation}.notice-tls-200`, 'auth'],
        [`${operation}.notice-short`, 'empty'],
        [`${operation}.notice-html`, 'malformed'],
      ]),
    ),
  },
});

describe('positionstack', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ positionstack: await loadFixtures(folder) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const operations = () => {
    const environment = { UAPI_SIMULATOR_URL: player.url, POSITIONSTACK_API_KEY: 'k&y' };
    return createPositionstackProvider(hostSettings(manifest, { environment, http: network.http, version: '0.0.0' }))
      .operations;
  };

  test('a key never goes out in the clear', () => {
    expect(Object.values(manifest.hosts).every((url) => url.startsWith('https://'))).toBe(true);
  });

  test('asks for what the question says', async () => {
    const question = { ...forward, countryCode: 'US', language: 'en-GB' };
    await operations()['geocoding.forward']?.(question, recordContext());
    const { pathname, searchParams } = new URL(player.requests.at(-1)?.url ?? '', 'http://player');
    expect(pathname).toBe('/base/forward');
    expect(Object.fromEntries(searchParams)).toEqual({
      query: question.address,
      limit: '5',
      language: 'en',
      country: 'US',
      access_key: 'k&y',
    });
  });

  test('places have our shape, null is absent', async () => {
    const places = await operations()['geocoding.forward']?.(forward, recordContext());
    expect(places).toEqual([
      {
        name: '1600 Pennsylvania Avenue NW',
        label: '1600 Pennsylvania Avenue NW, Washington, DC, USA',
        lat: 38.897675,
        lon: -77.036547,
        kind: 'house',
        houseNumber: '1600',
        street: 'Pennsylvania Avenue NW',
        postcode: '20500',
        city: 'Washington',
        county: 'District of Columbia',
        state: 'District of Columbia',
        country: 'United States',
        countryCode: 'US',
        confidence: 1,
      },
    ]);
    const answer = await operations()['geocoding.reverse']?.(reverse, recordContext());
    expect(answer).toMatchObject({ distanceM: 0.01, result: { kind: 'poi', name: 'Apple Store' } });
  });
});
