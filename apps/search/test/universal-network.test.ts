import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { FixturePlayer } from '@universal-api/providers-kit/fixtures';
import { playProvider } from './search-harness.ts';
import { startUniversal, type UniversalClient } from './universal-client.ts';

let client: UniversalClient;
const quick: UniversalClient['quick'] = (...asked) => client.quick(...asked);

describe('with providers on the network', () => {
  const players = {} as Record<'open_meteo' | 'met_norway' | 'nominatim', FixturePlayer>;
  const hosts = () => ({
    OPEN_METEO_BASE_URL: `${players.open_meteo.url}/open_meteo/base`,
    MET_NORWAY_BASE_URL: `${players.met_norway.url}/met_norway/base`,
    NOMINATIM_BASE_URL: `${players.nominatim.url}/nominatim/base`,
    UAPI_CONTACT: 'tests@example.org',
  });
  const order = ['open_meteo', 'met_norway', 'nominatim', 'local_cities'];
  beforeAll(async () => {
    for (const id of ['open_meteo', 'met_norway', 'nominatim'] as const) players[id] = await playProvider(id);
  });
  afterAll(() => Promise.all(Object.values(players).map((player) => player.close())));
  afterEach(() => client.stop());

  test('weather in London: the weather first, then the place, which was looked up once', async () => {
    for (const player of Object.values(players)) player.play('success');
    client = await startUniversal(hosts(), 'all');
    const asked = players.nominatim.requests.length;
    const answer = await quick('weather in London', { limit: 1, routing: { order } });
    expect(answer.answers.map(({ kind }) => kind)).toEqual(['weather', 'place']);
    expect(answer.answers[0]).toMatchObject({ unit: '°C', data: { case: 'weather' } });
    expect(answer).toMatchObject({ completeness: 1, partial: false });
    expect(answer.attribution.join()).toMatch(/Open-Meteo.*OpenStreetMap/s);
    expect(players.nominatim.requests.length - asked).toBeLessThanOrEqual(2);
  });

  test('a stub that fails all: an error for what nobody else answers, never partial: false', async () => {
    for (const player of Object.values(players)) player.play('server-error');
    client = await startUniversal(hosts(), 'all');
    const only = ['open_meteo', 'met_norway', 'nominatim'];
    await expect(quick('weather in London', { routing: { only } })).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    const answer = await quick('weather in Berlin', { routing: { order, ignore: [] } });
    expect(answer.partial).toBe(true);
    expect(answer.results['weather']?.status).toBe('failed');
    expect(answer.providers).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'open_meteo', category: 'weather', status: 'error' })]),
    );
  });

  test('a place that only the city list could be asked for: nothing found is partial, the weather failed', async () => {
    for (const player of Object.values(players)) player.play('server-error');
    client = await startUniversal(hosts(), 'all');
    const ignore = ['photon', 'opencage', 'positionstack', 'open_meteo'];
    for (let round = 0; round < 2; round += 1) {
      const answer = await quick('weather in Xyzzyqplugh', { routing: { ignore } });
      expect(answer).toMatchObject({ answers: [], totalResults: 0, completeness: 0, partial: true });
      expect(answer.results['weather']?.status).toBe('failed');
      expect(answer.results['geocoding']?.status).toBe('partial');
      expect(answer.meta?.degraded).toMatchObject([{ code: 'weaker_basis', detail: 'nominatim' }]);
      expect(answer.providers).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            name: 'met_norway',
            category: 'weather',
            status: 'error',
            code: 'place_unavailable',
          }),
        ]),
      );
    }
  });

  test('one that is silent: 504 within the deadline when nobody else answers', async () => {
    for (const player of Object.values(players)) player.stall();
    client = await startUniversal(hosts(), 'all');
    const only = ['met_norway', 'nominatim'];
    const begun = performance.now();
    await expect(quick('weather in London', { routing: { only, deadlineMs: 400 } })).rejects.toMatchObject({
      code: 'provider_timeout',
    });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
