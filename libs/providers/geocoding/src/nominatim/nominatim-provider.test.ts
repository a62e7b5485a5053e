import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork, hostSettings } from '@universal-api/providers-kit';
import { describeProvider, recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import { manifest } from './manifest.ts';
import { createNominatimProvider } from './nominatim-provider.ts';

const folder = new URL('fixtures/', import.meta.url);
const forward = { address: 'London', limit: 5, language: 'en' };
const postcode = { countryCode: 'GB', postcode: 'B72 1LH' };
const reverse = { lat: 52.5487429714954, lon: -1.81602098644987, language: 'en' };

describeProvider({
  entry: { manifest, create: createNominatimProvider },
  fixtures: folder,
  questions: { 'geocoding.forward': forward, 'geocoding.reverse': reverse, 'geocoding.postcode': postcode },
  expects: {
    'geocoding.reverse.empty': 'not_found',
    'geocoding.forward.notice-nothing': 'empty',
    'geocoding.forward.notice-bandwidth': 'quota_exhausted',
    'geocoding.reverse.notice-bandwidth': 'quota_exhausted',
    'geocoding.forward.notice-blocked': 'auth',
    'geocoding.reverse.notice-blocked': 'auth',
    'geocoding.postcode.notice-bandwidth': 'quota_exhausted',
    'geocoding.postcode.notice-blocked': 'auth',
    'geocoding.postcode.notice-nothing': 'empty',
    'geocoding.postcode.notice-error': 'malformed',
    'geocoding.forward.notice-error': 'malformed',
    'geocoding.reverse.notice-error': 'malformed',
  },
});

describe('nominatim', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ nominatim: await loadFixtures(folder) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const provider = () => {
    const environment = { UAPI_SIMULATOR_URL: player.url };
    return createNominatimProvider(hostSettings(manifest, { environment, http: network.http, version: '0.0.0' }));
  };

  test('asks for what the question says', async () => {
    player.play('success');
    const question = { ...forward, address: 'Café & Bar, Köln', countryCode: 'DE', language: 'de-AT' };
    await provider().operations['geocoding.forward']?.(question, recordContext());
    const { searchParams } = new URL(player.requests.at(-1)?.url ?? '', 'http://player');
    expect(Object.fromEntries(searchParams)).toEqual({
      q: 'Café & Bar, Köln',
      limit: '5',
      countrycodes: 'de',
      format: 'jsonv2',
      addressdetails: '1',
      'accept-language': 'de-AT',
    });
  });

  test('places have our shape', async () => {
    player.play('success');
    const places = await provider().operations['geocoding.forward']?.(forward, recordContext());
    expect(places?.[0]).toEqual({
      id: 'nominatim:N107775',
      name: 'London',
      label: 'London, Greater London, England, SW1A 2DU, United Kingdom',
      lat: 51.5073219,
      lon: -0.1276474,
      kind: 'city',
      postcode: 'SW1A 2DU',
      city: 'London',
      state: 'England',
      country: 'United Kingdom',
      countryCode: 'GB',
      bbox: { south: 51.3473219, north: 51.6673219, west: -0.2876474, east: 0.0323526 },
    });
    expect(places?.[1]).toMatchObject({ kind: 'house', name: '137', houseNumber: '137', street: 'Pilkington Avenue' });
  });

  test('never more places than asked, even if the upstream sends more', async () => {
    player.play('success');
    const places = await provider().operations['geocoding.forward']?.({ ...forward, limit: 1 }, recordContext());
    expect(places).toHaveLength(1);
  });

  test('a house has a distance from the point', async () => {
    player.play('success');
    const answer = await provider().operations['geocoding.reverse']?.(reverse, recordContext());
    expect(answer?.result.kind).toBe('house');
    expect(answer?.distanceM).toBe(28);
  });

  test('a postcode is asked for in its country alone, in the form that has a field for it', async () => {
    player.play('success', 'geocoding.postcode');
    const places = await provider().operations['geocoding.postcode']?.(postcode, recordContext());
    const { searchParams } = new URL(player.requests.at(-1)?.url ?? '', 'http://player');
    expect(searchParams.get('postalcode')).toBe('B72 1LH');
    expect(searchParams.get('countrycodes')).toBe('gb');
    expect(searchParams.has('q')).toBe(false);
    expect(places?.[0]).toMatchObject({ kind: 'postcode', name: 'B72 1LH', postcode: 'B72 1LH', countryCode: 'GB' });
  });
});
