import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork, hostSettings } from '@universal-api/providers-kit';
import { describeProvider, recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import { manifest } from './manifest.ts';
import { createPhotonProvider } from './photon-provider.ts';

const folder = new URL('fixtures/', import.meta.url);
const forward = { address: 'Berlin', limit: 5, language: 'en' };
const reverse = { lat: 43.61583, lon: 4.008024, language: 'en' };

describeProvider({
  entry: { manifest, create: createPhotonProvider },
  fixtures: folder,
  questions: { 'geocoding.forward': forward, 'geocoding.reverse': reverse },
  expects: {
    'geocoding.reverse.empty': 'not_found',
    'geocoding.forward.notice-language': 'malformed',
    'geocoding.reverse.notice-language': 'malformed',
    'geocoding.forward.notice-html': 'malformed',
    'geocoding.reverse.notice-html': 'malformed',
  },
  absent: {
    'geocoding.forward.unauthorised': 'there is no key, and no documented refusal of a caller',
    'geocoding.reverse.unauthorised': 'there is no key, and no documented refusal of a caller',
  },
});

describe('photon', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ photon: await loadFixtures(folder) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const operations = () => {
    const environment = { UAPI_SIMULATOR_URL: player.url };
    return createPhotonProvider(hostSettings(manifest, { environment, http: network.http, version: '0.0.0' }))
      .operations;
  };

  test('places have our shape', async () => {
    const places = await operations()['geocoding.forward']?.(forward, recordContext());
    expect(places?.[0]).toEqual({
      id: 'photon:N240109189',
      name: 'Berlin',
      label: 'Berlin, Germany',
      lat: 52.5170365,
      lon: 13.3888599,
      kind: 'city',
      city: 'Berlin',
      state: 'Berlin',
      country: 'Germany',
      countryCode: 'DE',
    });
    expect(places?.[1]).toMatchObject({
      kind: 'poi',
      name: 'Berlin Olympic Stadium',
      bbox: { south: 52.5135972, west: 13.23727, north: 52.5157151, east: 13.241757 },
    });
  });

  test('one country is asked for, and places elsewhere are left out', async () => {
    const question = { ...forward, limit: 1, countryCode: 'DE' };
    expect(await operations()['geocoding.forward']?.(question, recordContext())).toHaveLength(1);
    expect(player.requests.at(-1)?.url).toContain('limit=1&lang=en&countrycode=DE');
    const elsewhere = operations()['geocoding.forward']?.({ ...question, countryCode: 'US' }, recordContext());
    await expect(elsewhere).rejects.toMatchObject({ failure: 'empty' });
  });

  test('a language that it lacks is told', async () => {
    const context = recordContext();
    await operations()['geocoding.forward']?.({ ...forward, language: 'ja' }, context);
    expect(player.requests.at(-1)?.url).toContain('lang=en');
    expect(context.degraded).toEqual([{ code: 'param_dropped', detail: 'language', from: 'ja', to: 'en' }]);
    const german = recordContext();
    await operations()['geocoding.reverse']?.({ ...reverse, language: 'de-AT' }, german);
    expect(german.degraded).toEqual([]);
  });

  test('a house at the point has no way to go', async () => {
    const answer = await operations()['geocoding.reverse']?.(reverse, recordContext());
    expect(answer).toMatchObject({ distanceM: 0, result: { kind: 'house', name: 'Rue Proudhon 5', city: 'Mauguio' } });
  });
});
