import type { WeatherCondition } from '@universal-api/providers-spec';

/** From the gravest to the mildest. */
const byGravity: readonly WeatherCondition[] = [
  'thunderstorm',
  'hail',
  'heavy_snow',
  'freezing_rain',
  'heavy_rain',
  'sleet',
  'snow',
  'rain',
  'drizzle',
  'dust',
  'fog',
  'wind',
  'cloudy',
  'partly_cloudy',
  'clear',
];

/** The gravest of some conditions, after which a day is named where a provider does not name it; `unknown` if there is none. */
export function gravestCondition(found: readonly WeatherCondition[]): WeatherCondition {
  return byGravity.find((condition) => found.includes(condition)) ?? 'unknown';
}
