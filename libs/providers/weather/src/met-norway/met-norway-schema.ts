import { z } from '@universal-api/config';

const period = z
  .object({
    summary: z.object({ symbol_code: z.string().optional() }).optional(),
    details: z.object({ precipitation_amount: z.number().optional() }).optional(),
  })
  .optional();

/** What is used of `locationforecast/2.0/compact`: https://developer.yr.no/doc/ForecastJSON. Wind is in m/s. */
export const metNorwayForecast = z.object({
  properties: z.object({
    timeseries: z
      .array(
        z.object({
          time: z.iso.datetime(),
          data: z.object({
            instant: z.object({
              details: z.object({
                air_temperature: z.number(),
                air_pressure_at_sea_level: z.number().optional(),
                cloud_area_fraction: z.number().optional(),
                relative_humidity: z.number().optional(),
                wind_from_direction: z.number().optional(),
                wind_speed: z.number().optional(),
              }),
            }),
            next_1_hours: period,
            next_6_hours: period,
          }),
        }),
      )
      .min(1),
  }),
});

/** A forecast as it comes. */
export type MetNorwayForecast = z.infer<typeof metNorwayForecast>;

/** One step of it: hourly for about two and a half days, then every 6 hours. */
export type MetNorwayStep = MetNorwayForecast['properties']['timeseries'][number];
