import { loadFixtures, serveFixtures } from '@universal-api/providers-kit/fixtures';

/** The recorded answers of every remote provider, played on loopback. */
export interface PlayedUpstream {
  /** Variables that lead the product there; hosts of our own have no quotas. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const folders = {
  open_meteo: 'weather/src/open-meteo',
  met_norway: 'weather/src/met-norway',
  nominatim: 'geocoding/src/nominatim',
};
const hosts = { open_meteo: ['base', 'customer'], met_norway: ['base'], nominatim: ['base'] };

/** Starts the player with the fixtures of weather and geocoding. */
export async function playWeatherAndPlaces(): Promise<PlayedUpstream> {
  const fixtures = await Promise.all(
    Object.entries(folders).map(async ([provider, folder]) => {
      const url = new URL(`../../../libs/providers/${folder}/fixtures/`, import.meta.url);
      return [provider, await loadFixtures(url)] as const;
    }),
  );
  const player = await serveFixtures(Object.fromEntries(fixtures));
  const variables = Object.entries(hosts).flatMap(([provider, names]) =>
    names.map((name) => [`${provider}_${name}_URL`.toUpperCase(), `${player.url}/${provider}/${name}`]),
  );
  return { environment: { ...Object.fromEntries(variables), UAPI_EGRESS: 'all' }, close: () => player.close() };
}
