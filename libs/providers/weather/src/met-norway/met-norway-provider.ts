import { getJson, ProviderFailure } from '@universal-api/providers-kit';
import type {
  CallContext,
  Forecast,
  ForecastQuestion,
  Provider,
  ProviderSettings,
  WeatherOperations,
} from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { metNorwayAlerts, toAlertsUrl, toMetNorwayAlerts, toMetNorwayLanguage } from './met-norway-alerts.ts';
import { localDates, toDays } from './met-norway-days.ts';
import { toCurrentWeather, toForecastUrl, toHour } from './met-norway-mapping.ts';
import { metNorwayForecast, type MetNorwayForecast } from './met-norway-schema.ts';

/**
 * Present weather and forecast at a point anywhere, from MET Norway's Locationforecast, and official warnings in Norway,
 * from MetAlerts. Keyless; asks for an identifying User-Agent, and that an answer is kept until it expires.
 *
 * In:     a place, WGS 84 degrees; its time zone, if it is known, decides what a day is.
 * Out:    °C, km/h, %, hPa, mm; about 10 days, hours for the first two and a half. No felt temperature, no gusts, no
 *         probability, no sun times.
 * Loss:   `timezone_utc` (days counted in UTC), `partial_day` (today from now on), `days_truncated`, `hours_truncated`.
 * Errors: `auth` (403, no identification), `quota_exhausted` (429), `empty` (422), `malformed` if a field is gone.
 * Source: https://api.met.no/weatherapi/locationforecast/2.0/documentation and /metalerts/2.0/documentation; data under CC BY 4.0.
 */
export function createMetNorwayProvider(settings: ProviderSettings): Provider & { operations: WeatherOperations } {
  const ask = (place: ForecastQuestion['location'], context: CallContext): Promise<MetNorwayForecast> =>
    getJson({ url: toForecastUrl(settings, place), schema: metNorwayForecast, context, manifest, settings });

  return {
    manifest,
    operations: {
      async 'weather.current'({ location }, context) {
        const current = toCurrentWeather(await ask(location, context));
        if (!current) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
        return current;
      },
      async 'weather.forecast'(question, context) {
        return toForecast(await ask(question.location, context), question, context);
      },
      async 'weather.alerts'(question, context) {
        const language = toMetNorwayLanguage(question.language);
        const url = toAlertsUrl(settings, question.location, language);
        const answer = await getJson({ url, schema: metNorwayAlerts, context, manifest, settings });
        return toMetNorwayAlerts(answer, language, Date.now());
      },
    },
  };
}

function toForecast(answer: MetNorwayForecast, question: ForecastQuestion, context: CallContext): Forecast {
  const { location, days: wanted, hourly } = question;
  // The answer names no zone; without the place's own, a day can only be a day of UTC, and is said to be one.
  const timezone = location.timezone ?? 'UTC';
  if (!location.timezone) context.degrade('timezone_utc', 'days are counted in UTC', 'local', 'UTC');
  const { days: all, isFirstPartial } = toDays(answer, timezone);
  const days = all.slice(0, wanted);
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last) throw new ProviderFailure({ provider: manifest.id, failure: 'empty' });
  if (isFirstPartial) context.degrade('partial_day', first.date);
  if (days.length < wanted) {
    context.degrade('days_truncated', String(days.length), String(wanted), String(days.length));
  }
  if (!hourly) return { timezone, days, hours: [] };
  const dateOf = localDates(timezone);
  const steps = answer.properties.timeseries.filter(({ time }) => dateOf(new Date(time)) <= last.date);
  const hours = steps.flatMap((step) => toHour(step) ?? []);
  if (hours.length < steps.length) context.degrade('hours_truncated', String(hours.length));
  return { timezone, days, hours };
}
