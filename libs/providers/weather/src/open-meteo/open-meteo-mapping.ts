import type {
  AirQuality,
  CurrentWeather,
  DailyForecast,
  Forecast,
  ForecastQuestion,
  HourlyForecast,
  Place,
  ProviderSettings,
} from '@universal-api/providers-spec';
import { toCondition } from './open-meteo-conditions.ts';
import {
  airVariables,
  currentVariables,
  dailyVariables,
  hourlyVariables,
  type OpenMeteoAir,
  type OpenMeteoCurrent,
  type OpenMeteoForecast,
} from './open-meteo-schema.ts';

/** The present weather at a place, and the sums of this hour and the next, one of which is the present hour's. */
export function toCurrentUrl(settings: ProviderSettings, place: Place): string {
  const variables = `current=${currentVariables.join(',')}&hourly=precipitation&forecast_hours=2`;
  return toUrl(settings, place, `${variables}&timeformat=unixtime`);
}

/** Days, and hours if asked, at a place in its own time zone. */
export function toForecastUrl(settings: ProviderSettings, { location, days, hourly }: ForecastQuestion): string {
  const hours = hourly ? `&hourly=${hourlyVariables.join(',')}` : '';
  const variables = `daily=${dailyVariables.join(',')}${hours}&forecast_days=${days}`;
  return toUrl(settings, location, `${variables}&timezone=auto&timeformat=unixtime`);
}

/** With a key the customer host is asked. */
function toUrl({ hosts, key }: ProviderSettings, place: Place, query: string): string {
  const host = key ? hosts['customer'] : hosts['base'];
  return `${host}/forecast?${toQuery(place, query, key)}`;
}

/** The present quality of the air at a place; it has hosts of its own. */
export function toAirUrl({ hosts, key }: ProviderSettings, place: Place): string {
  const host = key ? hosts['customer_air_quality'] : hosts['air_quality'];
  return `${host}/air-quality?${toQuery(place, `current=${airVariables.join(',')}&timeformat=unixtime`, key)}`;
}

/** The key is put where it must be: in the query. */
function toQuery({ lat, lon }: Place, query: string, key: ProviderSettings['key']): string {
  const credential = key ? `&apikey=${encodeURIComponent(key.reveal())}` : '';
  return `latitude=${lat.toFixed(4)}&longitude=${lon.toFixed(4)}&${query}${credential}`;
}

/** Units and names of the gases are ours already; undefined where the models of the air do not reach. */
export function toAirQuality({ current }: OpenMeteoAir): AirQuality | undefined {
  const { time, ...values } = current;
  if (Object.values(values).every((value) => value == null)) return undefined;
  return {
    observedAt: toDate(time),
    europeanAqi: known(values.european_aqi),
    usAqi: known(values.us_aqi),
    pm25Ugm3: known(values.pm2_5),
    pm10Ugm3: known(values.pm10),
    ozoneUgm3: known(values.ozone),
    nitrogenDioxideUgm3: known(values.nitrogen_dioxide),
    sulphurDioxideUgm3: known(values.sulphur_dioxide),
    carbonMonoxideUgm3: known(values.carbon_monoxide),
  };
}

/** Visibility comes in metres; the rest has our units already. */
export function toCurrentWeather({ current, hourly }: OpenMeteoCurrent): CurrentWeather {
  // An hourly sum stands at the end of its hour.
  const thisHour = hourly?.time.findIndex((end) => end - 3600 <= current.time && current.time < end);
  return {
    observedAt: toDate(current.time),
    temperatureC: current.temperature_2m,
    feelsLikeC: known(current.apparent_temperature),
    humidityPct: known(current.relative_humidity_2m),
    dewPointC: known(current.dew_point_2m),
    pressureHpa: known(current.pressure_msl),
    windSpeedKmh: known(current.wind_speed_10m),
    windGustKmh: known(current.wind_gusts_10m),
    windDirectionDeg: known(current.wind_direction_10m),
    cloudCoverPct: known(current.cloud_cover),
    visibilityKm: current.visibility == null ? undefined : current.visibility / 1000,
    precipitationMm: thisHour === undefined ? undefined : known(hourly?.precipitation?.[thisHour]),
    uvIndex: known(current.uv_index),
    condition: toCondition(current.weather_code),
    wmoCode: known(current.weather_code),
    isDay: current.is_day == null ? undefined : current.is_day === 1,
  };
}

/** Days and hours without a temperature, as at the end of a model's reach, are left out. */
export function toForecast(answer: OpenMeteoForecast): Forecast {
  return { timezone: answer.timezone, days: toDays(answer), hours: toHours(answer) };
}

function toDays({ daily, utc_offset_seconds: offsetS }: OpenMeteoForecast): DailyForecast[] {
  return daily.time.flatMap((start, index) => {
    const [max, min] = [daily.temperature_2m_max[index], daily.temperature_2m_min[index]];
    if (max == null || min == null) return [];
    const wmoCode = known(daily.weather_code?.[index]);
    return {
      date: toDate(start + offsetS)
        .toISOString()
        .slice(0, 10),
      temperatureMaxC: max,
      temperatureMinC: min,
      precipitationMm: known(daily.precipitation_sum?.[index]),
      precipitationProbabilityPct: known(daily.precipitation_probability_max?.[index]),
      windSpeedMaxKmh: known(daily.wind_speed_10m_max?.[index]),
      uvIndexMax: known(daily.uv_index_max?.[index]),
      ...toSun(daily.sunrise?.[index], daily.sunset?.[index], start),
      condition: toCondition(wmoCode),
      wmoCode,
    };
  });
}

/** In polar night both are 0, in polar day they are a whole day apart: then the sun neither rises nor sets. */
function toSun(sunrise: number | null | undefined, sunset: number | null | undefined, start: number) {
  if (sunrise == null || sunset == null || sunrise < start || sunset - sunrise >= 86_400) return {};
  return { sunrise: toDate(sunrise), sunset: toDate(sunset) };
}

function toHours({ hourly }: OpenMeteoForecast): HourlyForecast[] {
  if (!hourly) return [];
  return hourly.time.flatMap((time, index) => {
    const temperatureC = hourly.temperature_2m[index];
    if (temperatureC == null) return [];
    const wmoCode = known(hourly.weather_code?.[index]);
    return {
      time: toDate(time),
      temperatureC,
      feelsLikeC: known(hourly.apparent_temperature?.[index]),
      humidityPct: known(hourly.relative_humidity_2m?.[index]),
      precipitationMm: known(hourly.precipitation?.[index]),
      precipitationProbabilityPct: known(hourly.precipitation_probability?.[index]),
      windSpeedKmh: known(hourly.wind_speed_10m?.[index]),
      windDirectionDeg: known(hourly.wind_direction_10m?.[index]),
      cloudCoverPct: known(hourly.cloud_cover?.[index]),
      condition: toCondition(wmoCode),
      wmoCode,
    };
  });
}

function toDate(seconds: number): Date {
  return new Date(seconds * 1000);
}

function known(value: number | null | undefined): number | undefined {
  return value ?? undefined;
}
