import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type { GeocodingOperations, Provider, ProviderSettings } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { toPlace, toReverseAnswer, toReverseUrl, toSearchUrl } from './positionstack-mapping.ts';
import { positionstackAnswer } from './positionstack-schema.ts';

/**
 * Places by text and by point, from positionstack. Needs a key of a plan with TLS; the free plan has 100 calls a month.
 *
 * In:     a text, or a point in WGS 84 degrees; the language of the names.
 * Out:    places with address and `confidence`; `distanceM` as they say it.
 * Errors: `empty` (no place of that name, or a question too short), `not_found` (nothing at that point),
 *         `quota_exhausted` (month or rate), `auth` (key, plan, or a plan without TLS: code 105).
 * Source: https://positionstack.com/documentation.
 */
export function createPositionstackProvider(
  settings: ProviderSettings,
): Provider & { operations: GeocodingOperations } {
  return {
    manifest,
    operations: {
      async 'geocoding.forward'(question, context) {
        const url = toSearchUrl(settings, question);
        const { data } = await getJson({ url, schema: positionstackAnswer, context, manifest, settings });
        if (data.length === 0) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        return data.slice(0, question.limit).map(toPlace);
      },
      async 'geocoding.reverse'(question, context) {
        const url = toReverseUrl(settings, question);
        const { data } = await getJson({ url, schema: positionstackAnswer, context, manifest, settings });
        const [nearest] = data;
        if (!nearest) throw new ProviderFailure({ provider: manifest.id, failure: 'not_found' });
        return toReverseAnswer(nearest);
      },
    },
  };
}
