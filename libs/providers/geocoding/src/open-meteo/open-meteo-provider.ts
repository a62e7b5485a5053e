import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type { GeocodingOperations, Provider, ProviderManifest, ProviderSettings } from '@universal-api/providers-spec';
import { dataset, toElevationUrl, toPlace, toSearchUrl } from './open-meteo-mapping.ts';
import { openMeteoElevation, openMeteoPlaces } from './open-meteo-schema.ts';

/**
 * Places by name, and the height of the ground, from Open-Meteo. Keyless; a key asks the customers' hosts. `manifest` is
 * that of its home, `weather`: the quotas are one with those of its forecasts.
 *
 * In:     the name of a place alone (no address), or a point in WGS 84 degrees.
 * Out:    places of GeoNames with `population` and `timezone`; metres above sea level, of a model with 90 m between points.
 * Errors: `empty` (no place of that name), `quota_exhausted` until the full minute, hour or day, `caller_error` for a
 *         point off the globe, `auth` for a refused key, `malformed` if a field is gone.
 * Source: https://open-meteo.com/en/docs/geocoding-api and /en/docs/elevation-api; data under CC BY 4.0.
 */
export function createOpenMeteoProvider(
  settings: ProviderSettings,
  manifest: ProviderManifest,
): Provider & { operations: GeocodingOperations } {
  return {
    manifest,
    operations: {
      async 'geocoding.forward'(question, context) {
        const url = toSearchUrl(settings, question);
        const { results = [] } = await getJson({ url, schema: openMeteoPlaces, context, manifest, settings });
        if (results.length === 0) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        return results.slice(0, question.limit).map(toPlace);
      },
      async 'geocoding.elevation'(question, context) {
        const url = toElevationUrl(settings, question);
        const { elevation } = await getJson({ url, schema: openMeteoElevation, context, manifest, settings });
        return { elevationM: elevation[0], dataset };
      },
    },
  };
}
