import type { WeatherCondition } from '@universal-api/providers-spec';

/** The codes of WMO table 4677 that Open-Meteo uses: https://open-meteo.com/en/docs, "Weather variable documentation". */
const conditions: Readonly<Record<number, WeatherCondition>> = {
  0: 'clear',
  1: 'clear',
  2: 'partly_cloudy',
  3: 'cloudy',
  45: 'fog',
  48: 'fog',
  51: 'drizzle',
  53: 'drizzle',
  55: 'drizzle',
  56: 'freezing_rain',
  57: 'freezing_rain',
  61: 'rain',
  63: 'rain',
  65: 'heavy_rain',
  66: 'freezing_rain',
  67: 'freezing_rain',
  71: 'snow',
  73: 'snow',
  75: 'heavy_snow',
  77: 'snow',
  80: 'rain',
  81: 'rain',
  82: 'heavy_rain',
  85: 'snow',
  86: 'heavy_snow',
  95: 'thunderstorm',
  96: 'thunderstorm',
  99: 'thunderstorm',
};

/** The condition of a code; one that is not in the table, or absent, is `unknown`. */
export function toCondition(wmoCode: number | null | undefined): WeatherCondition {
  return (wmoCode != null && conditions[wmoCode]) || 'unknown';
}
