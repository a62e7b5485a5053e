import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProviderNetwork } from '@universal-api/providers-kit';
import { recordContext } from '@universal-api/providers-kit/contract';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import type { ProviderManifest } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { createOpenMeteoProvider } from './open-meteo-provider.ts';

// Conformance, with the manifest of the home, is in apps/search/test, which knows both categories.
const home = {
  id: 'open_meteo',
  auth: { kind: 'none' },
  failureRules: [],
  honoursExpiry: false,
} as unknown as ProviderManifest;
const forward = { address: 'Berlin', limit: 5, language: 'de-AT' };

describe('open_meteo away from home', () => {
  let player: FixturePlayer;
  const network = createProviderNetwork({ egress: 'all' });
  beforeAll(async () => {
    player = await serveFixtures({ open_meteo: await loadFixtures(new URL('fixtures/', import.meta.url)) });
  });
  afterAll(async () => {
    await network.close();
    await player.close();
  });
  const operations = (key?: string) => {
    const names = ['base', 'customer', 'geocoding', 'customer_geocoding'];
    const hosts = Object.fromEntries(names.map((name) => [name, `${player.url}/open_meteo/${name}`]));
    const settings = { hosts, userAgent: 'tests', http: network.http, key: key ? { reveal: () => key } : undefined };
    return createOpenMeteoProvider(settings, home).operations;
  };

  test('names its home, and carries the manifest that it is given', () => {
    expect(manifest).toMatchObject({ id: 'open_meteo', category: 'geocoding' });
    const settings = { hosts: {}, userAgent: 'tests', http: network.http };
    expect(createOpenMeteoProvider(settings, home).manifest).toBe(home);
  });

  test('places have our shape', async () => {
    const places = await operations()['geocoding.forward']?.(forward, recordContext());
    expect(places?.[0]).toEqual({
      id: 'open_meteo:2950159',
      name: 'Berlin',
      label: 'Berlin, Deutschland',
      lat: 52.52437,
      lon: 13.41053,
      kind: 'city',
      city: 'Berlin',
      state: 'Berlin',
      country: 'Deutschland',
      countryCode: 'DE',
      timezone: 'Europe/Berlin',
      population: 3426354,
    });
    expect(player.requests.at(-1)?.url).toBe('/geocoding/search?name=Berlin&count=5&language=de&format=json');
  });

  test('a height names its model, and a point is asked at the host of the forecasts', async () => {
    const answer = await operations()['geocoding.elevation']?.({ lat: 52.52, lon: 13.41 }, recordContext());
    expect(answer).toEqual({ elevationM: 38, dataset: 'copernicus_dem_glo90' });
    expect(player.requests.at(-1)?.url).toBe('/base/elevation?latitude=52.520000&longitude=13.410000');
  });

  test('with a key the hosts of customers are asked', async () => {
    await operations('k&y')['geocoding.forward']?.({ ...forward, countryCode: 'DE' }, recordContext());
    expect(player.requests.at(-1)?.url).toMatch(/^\/customer_geocoding\/search\?.*countryCode=DE&apikey=k%26y$/);
    await operations('k&y')['geocoding.elevation']?.({ lat: 1, lon: 2 }, recordContext());
    expect(player.requests.at(-1)?.url).toMatch(/^\/customer\/elevation\?.*&apikey=k%26y$/);
  });
});
