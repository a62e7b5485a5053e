import type { WeatherCondition } from '@universal-api/providers-spec';

/** Words of a description, the gravest first, since one may have several (`Light Rain and Fog/Mist`). */
const conditions: readonly (readonly [words: RegExp, condition: WeatherCondition])[] = [
  [/thunder|t-?storm|tornado/, 'thunderstorm'],
  [/\bhail\b/, 'hail'],
  [/blizzard|heavy snow/, 'heavy_snow'],
  [/freezing (?:rain|drizzle|spray)|\bice storm\b/, 'freezing_rain'],
  [/heavy rain|hurricane|tropical storm/, 'heavy_rain'],
  [/sleet|ice pellets|wintry mix|rain and snow|rain\/snow|snow and rain/, 'sleet'],
  [/snow|flurries/, 'snow'],
  [/rain|showers/, 'rain'],
  [/drizzle|sprinkles/, 'drizzle'],
  [/dust|sand/, 'dust'],
  [/fog|mist/, 'fog'],
  [/windy|breezy|blustery|gusty/, 'wind'],
  [/partly|mostly clear|mostly sunny|a few clouds|\bfair\b/, 'partly_cloudy'],
  [/cloudy|overcast/, 'cloudy'],
  [/clear|sunny/, 'clear'],
];

/** The condition of a short description in English, such as `Mostly Cloudy`; one that says nothing of it is `unknown`. */
export function toCondition(description: string | null | undefined): WeatherCondition {
  const text = description?.toLowerCase() ?? '';
  return conditions.find(([words]) => words.test(text))?.[1] ?? 'unknown';
}
