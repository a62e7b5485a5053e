import type { WeatherCondition } from '@universal-api/providers-spec';

/** Codes by condition: https://www.weatherapi.com/docs/weather_conditions.json, read 2026-11-24. */
const codes: Readonly<Partial<Record<WeatherCondition, readonly number[]>>> = {
  clear: [1000],
  partly_cloudy: [1003],
  cloudy: [1006, 1009],
  fog: [1030, 1135, 1147],
  drizzle: [1150, 1153],
  rain: [1063, 1180, 1183, 1186, 1189, 1240],
  // "Moderate or heavy rain shower" is the heavier of two classes of showers.
  heavy_rain: [1192, 1195, 1243, 1246],
  freezing_rain: [1072, 1168, 1171, 1198, 1201],
  sleet: [1069, 1204, 1207, 1237, 1249, 1252, 1261, 1264],
  snow: [1066, 1114, 1210, 1213, 1216, 1219, 1255],
  heavy_snow: [1117, 1222, 1225, 1258],
  thunderstorm: [1087, 1273, 1276, 1279, 1282],
};

const byCode = new Map(
  Object.entries(codes).flatMap(([condition, those]) => those.map((code) => [code, condition as WeatherCondition])),
);

/** The condition of a code; one that is not in the list, or absent, is `unknown`. */
export function toCondition(code: number | undefined): WeatherCondition {
  return (code !== undefined && byCode.get(code)) || 'unknown';
}
