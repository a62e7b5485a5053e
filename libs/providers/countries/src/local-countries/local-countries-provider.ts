import { ProviderFailure } from '@universal-api/providers-kit';
import { onFirstUse } from '@universal-api/providers-kit/local/on-first-use';
import type { CountryOperations, ProviderManifest } from '@universal-api/providers-spec';
import { filterCountries, findCountry } from './find-countries.ts';
import { loadCountries } from './load-countries.ts';
import { manifest } from './manifest.ts';

/** The countries as a provider. */
export interface LocalCountriesProvider {
  readonly manifest: ProviderManifest;
  readonly operations: Required<CountryOperations>;
}

const compiled = new URL('../../gen/countries.bin', import.meta.url);

/**
 * 250 countries and territories, from compiled data that is read on first use.
 *
 * In:     names in any of the source's languages, codes of ISO 3166-1, 4217, 639-1 and 639-3, in any case.
 * Out:    `names` by ISO 639-3, `areaKm2` in km², `timezones` of the runtime's own tz release. No population, no GDP,
 *         no picture of the flag.
 * Errors: `not_found` for an unknown code or name; `retry_elsewhere` if the data is not compiled.
 * Source: world-countries 5.1.0 (ODbL-1.0).
 */
export function createLocalCountriesProvider(file: URL = compiled): LocalCountriesProvider {
  const countries = onFirstUse(manifest.id, () => loadCountries(file));
  return {
    manifest,
    operations: {
      async 'countries.list'(question) {
        return filterCountries(await countries(), question);
      },
      async 'countries.get'({ code }) {
        const country = findCountry(await countries(), code);
        if (country) return country;
        throw new ProviderFailure({ provider: manifest.id, failure: 'not_found', internal: 'no such country' });
      },
    },
  };
}
