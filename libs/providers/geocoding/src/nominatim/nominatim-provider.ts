import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type { GeocodingOperations, Provider, ProviderSettings } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { toPlace, toPostcodeUrl, toReverseAnswer, toReverseUrl, toSearchUrl } from './nominatim-mapping.ts';
import { nominatimPlace, nominatimPlaces } from './nominatim-schema.ts';

/**
 * Places of OpenStreetMap by text, by point and by postcode. Keyless; one call a second for the whole installation, which the router
 * keeps. An own server named by `NOMINATIM_BASE_URL` has the same interface.
 *
 * In:     a text, a point in WGS 84 degrees, or a postcode and its country; the language of the names.
 * Out:    places with address and bounding box; `distanceM` for houses and points of interest.
 * Errors: `empty` (no place of that name or postcode), `not_found` (nothing at that point), `quota_exhausted` (429 or the notice),
 *         `auth` (blocked for missing identification), `malformed` if a field is gone.
 * Source: https://nominatim.org/release-docs/latest/api/Search/ and /Reverse/; data under ODbL.
 */
export function createNominatimProvider(settings: ProviderSettings): Provider & { operations: GeocodingOperations } {
  return {
    manifest,
    operations: {
      async 'geocoding.forward'(question, context) {
        const url = toSearchUrl(settings, question);
        const found = await getJson({ url, schema: nominatimPlaces, context, manifest, settings });
        if (found.length === 0) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        return found.slice(0, question.limit).map(toPlace);
      },
      async 'geocoding.reverse'(question, context) {
        const url = toReverseUrl(settings, question);
        return toReverseAnswer(await getJson({ url, schema: nominatimPlace, context, manifest, settings }), question);
      },
      async 'geocoding.postcode'(question, context) {
        const url = toPostcodeUrl(settings, question, context.language);
        const found = await getJson({ url, schema: nominatimPlaces, context, manifest, settings });
        if (found.length === 0) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        return found.map(toPlace);
      },
    },
  };
}
