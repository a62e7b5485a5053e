import { geocodingProviders } from '@universal-api/providers-geocoding';
import { loadFixtures, serveFixtures, type Fixture } from '@universal-api/providers-kit/fixtures';
import type { ProviderManifest } from '@universal-api/providers-spec';
import { weatherProviders } from '@universal-api/providers-weather';
import { existsSync } from 'node:fs';

/** The recorded answers of every remote provider, played on loopback. */
export interface PlayedUpstream {
  /** Variables that lead the product there; hosts of our own have no quotas. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same in front of quotas as they are declared. */
  readonly withQuotas: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const categories = { weather: weatherProviders, geocoding: geocodingProviders };

/** Starts the player with the fixtures of weather and geocoding; every key is `simulated`. */
export async function playWeatherAndPlaces(): Promise<PlayedUpstream> {
  const fixtures = new Map<string, Fixture[]>();
  const manifests: ProviderManifest[] = [];
  for (const [category, entries] of Object.entries(categories)) {
    for (const { manifest } of entries) {
      // What stands in a category that is not its home has its facts there.
      if ('hosts' in manifest) manifests.push(manifest);
      const folder = `${category}/src/${manifest.id.replaceAll('_', '-')}`;
      const url = new URL(`../../../libs/providers/${folder}/fixtures/`, import.meta.url);
      if (existsSync(url))
        fixtures.set(manifest.id, [...(fixtures.get(manifest.id) ?? []), ...(await loadFixtures(url))]);
    }
  }
  const player = await serveFixtures(Object.fromEntries(fixtures));
  const hosts = manifests.flatMap(({ id, hosts: names }) =>
    Object.keys(names).map((name) => [`${id}_${name}_URL`.toUpperCase(), `${player.url}/${id}/${name}`] as const),
  );
  const keys = manifests.flatMap(({ auth }) => (auth.kind === 'key' ? [[auth.variable, 'simulated'] as const] : []));
  const shared = { ...Object.fromEntries(keys), UAPI_EGRESS: 'all' };
  return {
    environment: { ...shared, ...Object.fromEntries(hosts) },
    withQuotas: { ...shared, UAPI_SIMULATOR_URL: player.url },
    close: () => player.close(),
  };
}
