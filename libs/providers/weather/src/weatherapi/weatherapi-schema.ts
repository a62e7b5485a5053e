import { z } from '@universal-api/config';

const perhaps = z.number().nullish();
const condition = z.object({ code: z.number() }).nullish();
const location = z.object({ tz_id: z.string() });
const text = z.string().nullish();

/** What is used of `current.json`, asked with `aqi=no`. */
export const weatherapiCurrent = z.object({
  current: z.object({
    last_updated_epoch: z.number(),
    temp_c: z.number(),
    is_day: perhaps,
    condition,
    wind_kph: perhaps,
    wind_degree: perhaps,
    pressure_mb: perhaps,
    precip_mm: perhaps,
    humidity: perhaps,
    cloud: perhaps,
    feelslike_c: perhaps,
    dewpoint_c: perhaps,
    vis_km: perhaps,
    uv: perhaps,
    gust_kph: perhaps,
  }),
});

/** What is used of `current.json`, asked with `aqi=yes`; µg/m³. Its indices are classes, not the indices themselves. */
export const weatherapiAir = z.object({
  current: z.object({
    last_updated_epoch: z.number(),
    air_quality: z
      .object({ co: perhaps, no2: perhaps, o3: perhaps, so2: perhaps, pm2_5: perhaps, pm10: perhaps })
      .nullish(),
  }),
});

const hour = z.object({
  time_epoch: z.number(),
  time: z.string(),
  temp_c: z.number(),
  condition,
  wind_kph: perhaps,
  wind_degree: perhaps,
  precip_mm: perhaps,
  humidity: perhaps,
  cloud: perhaps,
  feelslike_c: perhaps,
  chance_of_rain: perhaps,
  chance_of_snow: perhaps,
});

const day = z.object({
  date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  day: z.object({
    maxtemp_c: z.number(),
    mintemp_c: z.number(),
    maxwind_kph: perhaps,
    totalprecip_mm: perhaps,
    daily_chance_of_rain: perhaps,
    daily_chance_of_snow: perhaps,
    condition,
    uv: perhaps,
  }),
  astro: z.object({ sunrise: text, sunset: text }).nullish(),
  hour: z.array(hour),
});

/** What is used of `forecast.json`; days are those of the place. */
export const weatherapiForecast = z.object({
  location,
  forecast: z.object({ forecastday: z.array(day) }),
});

/** What is used of `forecast.json`, asked with `alerts=yes`. */
export const weatherapiAlerts = z.object({
  alerts: z.object({
    alert: z.array(
      z.object({
        headline: text,
        severity: text,
        urgency: text,
        certainty: text,
        areas: text,
        event: text,
        effective: text,
        expires: text,
        desc: text,
        instruction: text,
      }),
    ),
  }),
});

/** One hour of a forecast. */
export type WeatherapiHour = z.infer<typeof hour>;

/** One day of a forecast. */
export type WeatherapiDay = z.infer<typeof day>;

/** The weather now. */
export type WeatherapiCurrent = z.infer<typeof weatherapiCurrent>;

/** The air now. */
export type WeatherapiAir = z.infer<typeof weatherapiAir>;

/** Warnings as they come. */
export type WeatherapiAlerts = z.infer<typeof weatherapiAlerts>;
