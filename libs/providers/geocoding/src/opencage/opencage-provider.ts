import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type { GeocodingOperations, Provider, ProviderSettings } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { toPlace, toReverseAnswer, toReverseUrl, toSearchUrl } from './opencage-mapping.ts';
import { opencageAnswer } from './opencage-schema.ts';

/**
 * Places of several open sources by text and by point, from OpenCage. Needs a key; the free trial has 2,500 calls a day.
 *
 * In:     a text, or a point in WGS 84 degrees; the language of the names.
 * Out:    places with address and bounding box, without ids, since theirs are not stable; `distanceM` as they say it.
 * Errors: `empty` (no place of that name, or a question too short), `not_found` (nothing at that point),
 *         `quota_exhausted` (402 until midnight UTC, 429 until the next minute), `auth` (401, 403).
 * Source: https://opencagedata.com/api; data under ODbL and other open licences.
 */
export function createOpencageProvider(settings: ProviderSettings): Provider & { operations: GeocodingOperations } {
  return {
    manifest,
    operations: {
      async 'geocoding.forward'(question, context) {
        const url = toSearchUrl(settings, question);
        const { results } = await getJson({ url, schema: opencageAnswer, context, manifest, settings });
        if (results.length === 0) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        return results.slice(0, question.limit).map(toPlace);
      },
      async 'geocoding.reverse'(question, context) {
        const url = toReverseUrl(settings, question);
        const { results } = await getJson({ url, schema: opencageAnswer, context, manifest, settings });
        const [nearest] = results;
        if (!nearest) throw new ProviderFailure({ provider: manifest.id, failure: 'not_found' });
        return toReverseAnswer(nearest);
      },
    },
  };
}
