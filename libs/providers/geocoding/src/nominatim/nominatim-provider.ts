import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type { GeocodingOperations, Provider, ProviderSettings } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { toPlace, toReverseAnswer, toReverseUrl, toSearchUrl } from './nominatim-mapping.ts';
import { nominatimPlace, nominatimPlaces } from './nominatim-schema.ts';

/**
 * Places of OpenStreetMap by text and by point. Keyless; one call a second for the whole installation, which the router
 * keeps. An own server named by `NOMINATIM_BASE_URL` has the same interface.
 *
 * In:     a text, or a point in WGS 84 degrees; the language of the names.
 * Out:    places with address and bounding box; `distanceM` for houses and points of interest.
 * Errors: `empty` (no place of that name), `not_found` (nothing at that point), `quota_exhausted` (429 or the notice),
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
    },
  };
}
