import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type { CallContext, GeocodingOperations, Provider, ProviderSettings } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { toPhotonLanguage, toPlace, toReverseAnswer, toReverseUrl, toSearchUrl } from './photon-mapping.ts';
import { photonAnswer } from './photon-schema.ts';

/**
 * Places of OpenStreetMap by text and by point, from komoot's Photon. Keyless; one call a second for the whole
 * installation. An own server named by `PHOTON_BASE_URL` has the same interface.
 *
 * In:     a text, or a point in WGS 84 degrees; the language of the names.
 * Out:    places with address and bounding box; `distanceM` for houses and points of interest. Names are in English,
 *         German or French; another language becomes English, and `degraded: param_dropped` says so.
 * Errors: `empty` (no place of that name), `not_found` (nothing within 1 km), `quota_exhausted` (throttled),
 *         `malformed` if a field is gone.
 * Source: https://github.com/komoot/photon/blob/master/docs/api-v1.md; data under ODbL.
 */
export function createPhotonProvider(settings: ProviderSettings): Provider & { operations: GeocodingOperations } {
  return {
    manifest,
    operations: {
      async 'geocoding.forward'(question, context) {
        const url = toSearchUrl(settings, question);
        const { features } = await getJson({ url, schema: photonAnswer, context, manifest, settings });
        const { countryCode } = question;
        // A server older than the parameter leaves it unread and answers with places everywhere.
        const places = features.map(toPlace).filter((place) => !countryCode || place.countryCode === countryCode);
        if (places.length === 0) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        tellLanguage(question.language, context);
        return places.slice(0, question.limit);
      },
      async 'geocoding.reverse'(question, context) {
        const url = toReverseUrl(settings, question);
        const { features } = await getJson({ url, schema: photonAnswer, context, manifest, settings });
        const [nearest] = features;
        if (!nearest) throw new ProviderFailure({ provider: manifest.id, failure: 'not_found' });
        tellLanguage(question.language, context);
        return toReverseAnswer(nearest, question);
      },
    },
  };
}

function tellLanguage(wanted: string, context: CallContext): void {
  const given = toPhotonLanguage(wanted);
  if (!wanted.toLowerCase().startsWith(given)) context.degrade('param_dropped', 'language', wanted, given);
}
