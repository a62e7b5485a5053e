import type { AirQuality, CurrentWeather, Point, ProviderSettings, WeatherAlert } from '@universal-api/providers-spec';
import { createHash } from 'node:crypto';
import { toAlerts } from '../cap-warning.ts';
import { manifest } from './manifest.ts';
import { toCondition } from './weatherapi-conditions.ts';
import type { WeatherapiAir, WeatherapiAlerts, WeatherapiCurrent } from './weatherapi-schema.ts';

/** Most days of a forecast that any plan has. */
export const mostDays = 14;

/** The present weather, or the present air, at a point. */
export function toCurrentUrl(settings: ProviderSettings, point: Point, withAir: boolean): string {
  return toUrl(settings, 'current', point, `aqi=${withAir ? 'yes' : 'no'}`);
}

/** Days with their hours, or warnings, at a point. */
export function toForecastUrl(settings: ProviderSettings, point: Point, days: number, withAlerts: boolean): string {
  const query = `days=${Math.min(days, mostDays)}&aqi=no&alerts=${withAlerts ? 'yes' : 'no'}`;
  return toUrl(settings, 'forecast', point, query);
}

/** The key is put where it must be: in the query. */
function toUrl({ hosts, key }: ProviderSettings, page: string, { lat, lon }: Point, query: string): string {
  const credential = key ? `&key=${encodeURIComponent(key.reveal())}` : '';
  return `${hosts['base']}/${page}.json?q=${lat.toFixed(4)},${lon.toFixed(4)}&${query}${credential}`;
}

/** Units are ours already; a millibar is a hPa. */
export function toCurrentWeather({ current }: WeatherapiCurrent): CurrentWeather {
  return {
    observedAt: new Date(current.last_updated_epoch * 1000),
    temperatureC: current.temp_c,
    feelsLikeC: known(current.feelslike_c),
    humidityPct: known(current.humidity),
    dewPointC: known(current.dewpoint_c),
    pressureHpa: known(current.pressure_mb),
    windSpeedKmh: known(current.wind_kph),
    windGustKmh: known(current.gust_kph),
    windDirectionDeg: known(current.wind_degree),
    cloudCoverPct: known(current.cloud),
    visibilityKm: known(current.vis_km),
    precipitationMm: known(current.precip_mm),
    uvIndex: known(current.uv),
    condition: toCondition(current.condition?.code),
    isDay: current.is_day == null ? undefined : current.is_day === 1,
  };
}

/** Concentrations; it gives neither index. Undefined where it knows nothing of the air. */
export function toAirQuality({ current }: WeatherapiAir): AirQuality | undefined {
  const air = current.air_quality;
  if (!air || Object.values(air).every((value) => value == null)) return undefined;
  return {
    observedAt: new Date(current.last_updated_epoch * 1000),
    pm25Ugm3: known(air.pm2_5),
    pm10Ugm3: known(air.pm10),
    ozoneUgm3: known(air.o3),
    nitrogenDioxideUgm3: known(air.no2),
    sulphurDioxideUgm3: known(air.so2),
    carbonMonoxideUgm3: known(air.co),
  };
}

/** Warnings as answers carry them. They have no ids: what tells them apart makes one. `now` is ms since the epoch. */
export function toWeatherapiAlerts({ alerts }: WeatherapiAlerts, now: number): readonly WeatherAlert[] {
  const warnings = alerts.alert.map((warning) => ({
    ...warning,
    id: toId([warning.event, warning.headline, warning.areas, warning.effective]),
    description: warning.desc,
    area: warning.areas,
    startsAt: warning.effective,
    endsAt: warning.expires,
  }));
  return toAlerts(manifest.id, manifest.name, warnings, now);
}

function toId(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function known(value: number | null | undefined): number | undefined {
  return value ?? undefined;
}
