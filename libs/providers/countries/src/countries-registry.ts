import type { ProviderEntry } from '@universal-api/providers-spec';
import { createLocalCountriesProvider } from './local-countries/local-countries-provider.ts';
import { manifest as localCountries } from './local-countries/manifest.ts';

/** Every provider of the category, in the order of its chains. */
export const countriesProviders: readonly ProviderEntry[] = [
  { manifest: localCountries, create: () => createLocalCountriesProvider() },
];
