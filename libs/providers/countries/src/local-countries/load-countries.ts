import { openLocalData } from '@universal-api/providers-kit/local/local-data-file';
import { zonesOfCountry } from '@universal-api/providers-kit/local/zone-names';
import type { Country } from '@universal-api/providers-spec';

/** A country as it is compiled: its zones are those of the runtime, so they are added when it is loaded. */
export interface CompiledCountry {
  readonly country: Omit<Country, 'timezones'>;
  /** Folded common names in every language of the source. */
  readonly commonNames: readonly string[];
  /** Folded official names and other spellings. */
  readonly otherNames: readonly string[];
}

/** A country with the names by which it is found. */
export interface KnownCountry extends Omit<CompiledCountry, 'country'> {
  readonly country: Country;
}

/** All countries, in order of their English names, from the compiled file. */
export function loadCountries(file: URL): readonly KnownCountry[] {
  const data = openLocalData(file);
  try {
    const compiled = JSON.parse(Buffer.from(data.bytes('countries')).toString()) as readonly CompiledCountry[];
    return compiled.map(({ country, ...names }) => ({
      ...names,
      country: { ...country, timezones: zonesOfCountry(country.code) },
    }));
  } finally {
    data.close();
  }
}
