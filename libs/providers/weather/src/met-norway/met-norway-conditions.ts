import type { WeatherCondition } from '@universal-api/providers-spec';

/** Words of a symbol code, the gravest first, since a code may have several (`heavysnowshowersandthunder`). */
const conditions: readonly (readonly [word: string, condition: WeatherCondition])[] = [
  ['thunder', 'thunderstorm'],
  ['heavysnow', 'heavy_snow'],
  ['heavyrain', 'heavy_rain'],
  ['sleet', 'sleet'],
  ['snow', 'snow'],
  ['rain', 'rain'],
  ['fog', 'fog'],
  ['partlycloudy', 'partly_cloudy'],
  ['cloudy', 'cloudy'],
  ['fair', 'partly_cloudy'],
  ['clearsky', 'clear'],
];

/** The condition of a symbol code (https://api.met.no/weatherapi/weathericon/2.0/documentation); else `unknown`. */
export function toCondition(symbolCode: string | undefined): WeatherCondition {
  if (!symbolCode) return 'unknown';
  return conditions.find(([word]) => symbolCode.includes(word))?.[1] ?? 'unknown';
}

/** Day or night of a symbol code; undefined for the codes that look alike in both, and in polar twilight. */
export function isDaySymbol(symbolCode: string | undefined): boolean | undefined {
  if (symbolCode?.endsWith('_day')) return true;
  return symbolCode?.endsWith('_night') ? false : undefined;
}
