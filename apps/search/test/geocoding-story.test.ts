import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createGrpcChannel, createGrpcServer, createServiceClient, type GrpcServer } from '@universal-api/grpc';
import { newId } from '@universal-api/ids';
import { productContract, type ServiceClient } from '@universal-api/protos';
import { GeocodingService } from '@universal-api/protos/gen/uapi/search/v1/geocoding_pb';
import { loadFixtures, serveFixtures, type FixturePlayer } from '@universal-api/providers-kit/fixtures';
import { resolveHomes } from '@universal-api/providers-router';
import { allProviders, principal, startSearch, type SearchHarness } from './search-harness.ts';

type Geocoding = ServiceClient<typeof GeocodingService, { deadlineAt: number; metadata: Record<string, string> }>;

const remote = ['nominatim', 'photon', 'opencage', 'positionstack', 'open_meteo'];
const keys = { OPENCAGE_API_KEY: 'test', POSITIONSTACK_API_KEY: 'test' };
let player: FixturePlayer;
let search: SearchHarness;
let server: GrpcServer;
let geocoding: Geocoding;
let closeChannel: () => void;

beforeAll(async () => {
  const folder = (id: string) =>
    new URL(`../../../libs/providers/geocoding/src/${id.replaceAll('_', '-')}/fixtures/`, import.meta.url);
  const fixtures = await Promise.all(remote.map(async (id) => [id, await loadFixtures(folder(id))] as const));
  player = await serveFixtures(Object.fromEntries(fixtures));
  // Hosts one by one, as an operator's own servers: they have no quotas, which need a database.
  const hosts = resolveHomes(allProviders).flatMap(({ manifest: { id, hosts: names } }) =>
    Object.keys(names).map((name) => [`${id}_${name}_URL`.toUpperCase(), `${player.url}/${id}/${name}`]),
  );
  search = startSearch({ ...Object.fromEntries(hosts), ...keys });
  const contract = productContract();
  server = createGrpcServer({ contract, services: search.services, identify: () => principal(), newId });
  const channel = createGrpcChannel(contract, `127.0.0.1:${await server.listen('127.0.0.1:0')}`);
  closeChannel = () => channel.close();
  geocoding = createServiceClient(channel, GeocodingService);
});
afterAll(async () => {
  closeChannel();
  await server.stop(0);
  await search.close();
  await player.close();
});

const call = () => ({ deadlineAt: Date.now() + 10_000, metadata: {} });
const only = (...providers: string[]) => ({ only: providers });

describe('places of a name', () => {
  test.each([
    ['nominatim', 'London', 'nominatim:N107775'],
    ['photon', 'Berlin', 'photon:N240109189'],
    ['opencage', 'Goethes Wohnhaus', undefined],
    ['positionstack', '1600 Pennsylvania Avenue NW', undefined],
    ['open_meteo', 'Berlin', 'open_meteo:2950159'],
    ['local_cities', 'London', expect.stringMatching(/^local_cities:\d+$/)],
  ])('come from %s when it alone may answer', async (provider, name, id) => {
    player.play('success', 'geocoding.forward');
    const answer = await geocoding.forwardGeocode({ address: 'London', routing: only(provider) }, call());
    expect(answer.meta).toMatchObject({ provider, attempts: [{ provider, outcome: 'ok' }] });
    expect(answer.results[0]).toMatchObject(id === undefined ? { name } : { name, id });
    expect(answer.meta?.licence).not.toBe('');
  });

  test('come from the last when none of the others knows any, in the order of the chain', async () => {
    player.play('empty', 'geocoding.forward');
    const answer = await geocoding.forwardGeocode({ address: 'Marseille' }, call());
    expect(answer.meta?.attempts.map(({ provider, code }) => [provider, code])).toEqual([
      ...remote.map((provider) => [provider, 'empty']),
      ['local_cities', ''],
    ]);
    expect(answer.results[0]).toMatchObject({ name: 'Marseille', countryCode: 'FR' });
  });
});

describe('places of a name that only the city list could be asked for', () => {
  test('are an empty list on a weaker basis, and who was missed is named', async () => {
    player.play('server-error', 'geocoding.forward');
    const answer = await geocoding.forwardGeocode({ address: 'Saint-Nowhere-les-Bains' }, call());
    expect(answer.results).toEqual([]);
    expect(answer.meta?.degraded).toMatchObject([
      { code: 'weaker_basis', detail: remote.join(','), from: 'nominatim', to: 'local_cities' },
    ]);
  });
});

describe('the place at a point', () => {
  test.each([
    ['nominatim', 'GB'],
    ['photon', 'FR'],
    ['opencage', 'DE'],
    ['positionstack', 'US'],
    ['local_cities', 'FR'],
  ])('comes from %s when it alone may answer', async (provider, countryCode) => {
    player.play('success', 'geocoding.reverse');
    const answer = await geocoding.reverseGeocode({ lat: 43.61583, lon: 4.008024, routing: only(provider) }, call());
    expect(answer.meta).toMatchObject({ provider, attempts: [{ provider, outcome: 'ok' }] });
    expect(answer.result).toMatchObject({ countryCode });
  });

  test('is not asked of one that has no such operation', async () => {
    await expect(
      geocoding.reverseGeocode({ lat: 1, lon: 2, routing: only('open_meteo') }, call()),
    ).rejects.toMatchObject({ code: 'no_provider_available' });
  });
});

describe('a postcode', () => {
  test('is looked up by nominatim, however it is written', async () => {
    player.play('success', 'geocoding.postcode');
    const request = { countryCode: 'gb', postcode: ' B72  1LH ', routing: only('nominatim') };
    const first = await geocoding.lookupPostcode(request, call());
    expect(first.meta?.provider).toBe('nominatim');
    expect(first.results).toMatchObject([{ kind: 'postcode', postcode: 'B72 1LH', countryCode: 'GB' }]);
    const again = await geocoding.lookupPostcode({ ...request, countryCode: 'GB', postcode: 'b721lh' }, call());
    expect(again.meta?.cached).toBe(true);
  });

  test('that nobody knows is an empty list', async () => {
    player.play('empty', 'geocoding.postcode');
    const answer = await geocoding.lookupPostcode({ countryCode: 'FR', postcode: '00000' }, call());
    expect(answer.results).toEqual([]);
  });

  test('of spaces is refused, and the field is named', async () => {
    await expect(geocoding.lookupPostcode({ countryCode: 'FR', postcode: '   ' }, call())).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ field: 'postcode' }] },
    });
  });
});

describe('the height of the ground', () => {
  test('comes from open_meteo, with its model', async () => {
    player.play('success', 'geocoding.elevation');
    const answer = await geocoding.getElevation({ lat: 52.52, lon: 13.41, routing: only('open_meteo') }, call());
    expect(answer).toMatchObject({ elevationM: 38, dataset: 'copernicus_dem_glo90', meta: { provider: 'open_meteo' } });
  });

  test('is refused with its reason when that one is down', async () => {
    player.play('server-error', 'geocoding.elevation');
    await expect(geocoding.getElevation({ lat: 1, lon: 2 }, call())).rejects.toMatchObject({
      code: 'provider_unavailable',
      details: { candidates: [{ provider: 'open_meteo', reason: 'retry_elsewhere' }] },
    });
  });
});
