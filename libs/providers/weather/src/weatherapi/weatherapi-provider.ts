import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type { Provider, ProviderSettings, WeatherOperations } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { toDay, toHour } from './weatherapi-days.ts';
import {
  toAirQuality,
  toCurrentUrl,
  toCurrentWeather,
  toForecastUrl,
  toWeatherapiAlerts,
} from './weatherapi-mapping.ts';
import { weatherapiAir, weatherapiAlerts, weatherapiCurrent, weatherapiForecast } from './weatherapi-schema.ts';

/**
 * Present weather, forecast, quality of the air and warnings at a point, worldwide, from WeatherAPI.com. Needs a key.
 *
 * In:     a place; 1 to 16 days, of which a plan gives the first ones (3 in the free one, 14 at most).
 * Out:    °C, km/h, %, hPa, mm, km, µg/m³; days and sun times are those of the place. No index of the air: its level is
 *         told by the concentrations. Warnings in the language of their issuer.
 * Loss:   `days_truncated`.
 * Errors: `auth` (401, 403), `quota_exhausted` (a 403 with code 2007), `empty` (code 1006, or a place without air
 *         quality), `malformed` if a field is gone.
 * Source: https://www.weatherapi.com/docs/; to be shown with "Powered by WeatherAPI.com".
 */
export function createWeatherapiProvider(settings: ProviderSettings): Provider & { operations: WeatherOperations } {
  const empty = () => new ProviderFailure({ provider: manifest.id, failure: 'empty' });
  return {
    manifest,
    operations: {
      async 'weather.current'({ location }, context) {
        const url = toCurrentUrl(settings, location, false);
        return toCurrentWeather(await getJson({ url, schema: weatherapiCurrent, context, manifest, settings }));
      },
      async 'weather.forecast'({ location, days: wanted, hourly }, context) {
        const url = toForecastUrl(settings, location, wanted, false);
        const answer = await getJson({ url, schema: weatherapiForecast, context, manifest, settings });
        const days = answer.forecast.forecastday.slice(0, wanted);
        if (days.length === 0) throw empty();
        if (days.length < wanted) {
          context.degrade('days_truncated', String(days.length), String(wanted), String(days.length));
        }
        const hours = hourly ? days.flatMap(({ hour }) => hour.map(toHour)) : [];
        return { timezone: answer.location.tz_id, days: days.map(toDay), hours };
      },
      async 'weather.air_quality'({ location }, context) {
        const url = toCurrentUrl(settings, location, true);
        const air = toAirQuality(await getJson({ url, schema: weatherapiAir, context, manifest, settings }));
        if (!air) throw empty();
        return air;
      },
      async 'weather.alerts'({ location }, context) {
        const url = toForecastUrl(settings, location, 1, true);
        const answer = await getJson({ url, schema: weatherapiAlerts, context, manifest, settings });
        return toWeatherapiAlerts(answer, Date.now());
      },
    },
  };
}
