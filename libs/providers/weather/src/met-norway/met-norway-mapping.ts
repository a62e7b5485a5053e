import type { CurrentWeather, HourlyForecast, Point, ProviderSettings } from '@universal-api/providers-spec';
import { isDaySymbol, toCondition } from './met-norway-conditions.ts';
import type { MetNorwayForecast, MetNorwayStep } from './met-norway-schema.ts';

/** Hours and the periods after them at a point. */
export function toForecastUrl({ hosts }: ProviderSettings, point: Point): string {
  return `${hosts['base']}/locationforecast/2.0/compact?${toPointQuery(point)}`;
}

/** Coordinates are cut to 4 decimals, as the terms ask: more are answered with 403. */
export function toPointQuery({ lat, lon }: Point): string {
  return `lat=${cut(lat)}&lon=${cut(lon)}`;
}

function cut(degrees: number): string {
  // Adding 0 makes the zero that a small negative number is cut to a plain one.
  return String(Math.trunc(degrees * 10_000) / 10_000 + 0);
}

/** The first step is the present hour. */
export function toCurrentWeather(answer: MetNorwayForecast): CurrentWeather | undefined {
  const [step] = answer.properties.timeseries;
  if (!step) return undefined;
  const { details } = step.data.instant;
  const next = step.data.next_1_hours ?? step.data.next_6_hours;
  const symbol = next?.summary?.symbol_code;
  return {
    observedAt: new Date(step.time),
    temperatureC: details.air_temperature,
    humidityPct: details.relative_humidity,
    pressureHpa: details.air_pressure_at_sea_level,
    windSpeedKmh: toKmh(details.wind_speed),
    windDirectionDeg: details.wind_from_direction,
    cloudCoverPct: details.cloud_area_fraction,
    precipitationMm: step.data.next_1_hours?.details?.precipitation_amount,
    condition: toCondition(symbol),
    isDay: isDaySymbol(symbol),
  };
}

/** One hour; undefined for a step that stands for six. */
export function toHour(step: MetNorwayStep): HourlyForecast | undefined {
  const { instant, next_1_hours: next } = step.data;
  if (!next) return undefined;
  return {
    time: new Date(step.time),
    temperatureC: instant.details.air_temperature,
    humidityPct: instant.details.relative_humidity,
    precipitationMm: next.details?.precipitation_amount,
    windSpeedKmh: toKmh(instant.details.wind_speed),
    windDirectionDeg: instant.details.wind_from_direction,
    cloudCoverPct: instant.details.cloud_area_fraction,
    condition: toCondition(next.summary?.symbol_code),
  };
}

/** m/s to km/h, to a tenth: the source has one decimal too. */
export function toKmh(metresPerSecond: number | undefined): number | undefined {
  return metresPerSecond === undefined ? undefined : Math.round(metresPerSecond * 36) / 10;
}
