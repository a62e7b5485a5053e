import type { ProviderEntry } from '@universal-api/providers-spec';
import { createLocalCitiesProvider } from './local-cities/local-cities-provider.ts';
import { manifest as localCities } from './local-cities/manifest.ts';
import { manifest as nominatim } from './nominatim/manifest.ts';
import { createNominatimProvider } from './nominatim/nominatim-provider.ts';

/** Every provider of the category, in the order of the chain; the local one, which always answers, is last. */
export const geocodingProviders: readonly ProviderEntry[] = [
  { manifest: nominatim, create: createNominatimProvider },
  { manifest: localCities, create: createLocalCitiesProvider },
];
