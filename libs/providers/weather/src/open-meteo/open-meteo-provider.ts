import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type { Provider, ProviderSettings, WeatherOperations } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import {
  toAirQuality,
  toAirUrl,
  toCurrentUrl,
  toCurrentWeather,
  toForecast,
  toForecastUrl,
} from './open-meteo-mapping.ts';
import { openMeteoAir, openMeteoCurrent, openMeteoForecast } from './open-meteo-schema.ts';

/**
 * Present weather and forecast at a point, from Open-Meteo's blend of national models, and the present quality of the air
 * from the models of CAMS. Keyless; a key asks the customer hosts.
 *
 * In:     a place, WGS 84 degrees; 1 to 16 days, counted in the place's own time zone.
 * Out:    °C, km/h, %, hPa, mm, km, µg/m³; `observedAt` is the time of the model step (each 15 minutes), not of the call.
 * Errors: `caller_error` for a point off the globe, `empty` where no model reaches, `quota_exhausted` until the full
 *         minute, hour or day, `auth` for a refused key, `malformed` if a field is gone.
 * Source: https://open-meteo.com/en/docs and /en/docs/air-quality-api; data under CC BY 4.0, the keyless host for non-commercial use.
 */
export function createOpenMeteoProvider(settings: ProviderSettings): Provider & { operations: WeatherOperations } {
  return {
    manifest,
    operations: {
      async 'weather.current'({ location }, context) {
        const url = toCurrentUrl(settings, location);
        return toCurrentWeather(await getJson({ url, schema: openMeteoCurrent, context, manifest, settings }));
      },
      async 'weather.forecast'(question, context) {
        const url = toForecastUrl(settings, question);
        const forecast = toForecast(await getJson({ url, schema: openMeteoForecast, context, manifest, settings }));
        const given = forecast.days.length;
        if (given === 0) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        if (given < question.days) {
          context.degrade('days_truncated', String(given), String(question.days), String(given));
        }
        return forecast;
      },
      async 'weather.air_quality'({ location }, context) {
        const url = toAirUrl(settings, location);
        const air = toAirQuality(await getJson({ url, schema: openMeteoAir, context, manifest, settings }));
        if (!air) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        return air;
      },
    },
  };
}
