import { z } from '@universal-api/config';

// Any variable may be null where the model has no value: https://open-meteo.com/en/docs.
const perhaps = z.number().nullish();
const perhapsEach = z.array(z.number().nullable()).optional();
const times = z.array(z.number());

/** What is used of an answer to `currentVariables`. Times are seconds since the epoch. */
export const openMeteoCurrent = z.object({
  current: z.object({
    time: z.number(),
    temperature_2m: z.number(),
    apparent_temperature: perhaps,
    relative_humidity_2m: perhaps,
    dew_point_2m: perhaps,
    pressure_msl: perhaps,
    wind_speed_10m: perhaps,
    wind_gusts_10m: perhaps,
    wind_direction_10m: perhaps,
    cloud_cover: perhaps,
    visibility: perhaps,
    uv_index: perhaps,
    weather_code: perhaps,
    is_day: perhaps,
  }),
  hourly: z.object({ time: times, precipitation: perhapsEach }).optional(),
});

/** What is used of an answer to `dailyVariables` and `hourlyVariables`. Days start at local midnight. */
export const openMeteoForecast = z.object({
  timezone: z.string(),
  utc_offset_seconds: z.number(),
  daily: z.object({
    time: times,
    temperature_2m_max: z.array(z.number().nullable()),
    temperature_2m_min: z.array(z.number().nullable()),
    precipitation_sum: perhapsEach,
    precipitation_probability_max: perhapsEach,
    wind_speed_10m_max: perhapsEach,
    uv_index_max: perhapsEach,
    sunrise: perhapsEach,
    sunset: perhapsEach,
    weather_code: perhapsEach,
  }),
  hourly: z
    .object({
      time: times,
      temperature_2m: z.array(z.number().nullable()),
      apparent_temperature: perhapsEach,
      relative_humidity_2m: perhapsEach,
      precipitation: perhapsEach,
      precipitation_probability: perhapsEach,
      wind_speed_10m: perhapsEach,
      wind_direction_10m: perhapsEach,
      cloud_cover: perhapsEach,
      weather_code: perhapsEach,
    })
    .optional(),
});

/** What is used of an answer to `airVariables`. */
export const openMeteoAir = z.object({
  current: z.object({
    time: z.number(),
    european_aqi: perhaps,
    us_aqi: perhaps,
    pm2_5: perhaps,
    pm10: perhaps,
    ozone: perhaps,
    nitrogen_dioxide: perhaps,
    sulphur_dioxide: perhaps,
    carbon_monoxide: perhaps,
  }),
});

/** An answer about now. */
export type OpenMeteoCurrent = z.infer<typeof openMeteoCurrent>;

/** An answer about days and hours. */
export type OpenMeteoForecast = z.infer<typeof openMeteoForecast>;

/** An answer about the air. */
export type OpenMeteoAir = z.infer<typeof openMeteoAir>;

/** Variables of the air asked for `current`; indices, and µg/m³. */
export const airVariables = Object.keys(openMeteoAir.shape.current.shape).filter((name) => name !== 'time');

/** Variables asked for `current`; units are °C, %, hPa, km/h, degrees, m. */
export const currentVariables = Object.keys(openMeteoCurrent.shape.current.shape).filter((name) => name !== 'time');

/** Variables asked for `daily`; units are °C, mm, %, km/h. */
export const dailyVariables = Object.keys(openMeteoForecast.shape.daily.shape).filter((name) => name !== 'time');

/** Variables asked for `hourly`; units as for `daily`. */
export const hourlyVariables = Object.keys(openMeteoForecast.shape.hourly.unwrap().shape).filter(
  (name) => name !== 'time',
);
