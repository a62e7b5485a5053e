import { z } from '@universal-api/config';

/** A value with its unit, such as `wmoUnit:degC`; null where it was not measured. */
const quantity = z.object({ unitCode: z.string().optional(), value: z.number().nullable() }).nullish();

/** A value with its unit. */
export type NwsQuantity = z.infer<typeof quantity>;

const word = /^[A-Za-z0-9]{1,12}$/;

/** What is used of `/points/{point}`: the cell of the grid that it lies in. */
export const nwsPoint = z.object({
  properties: z.object({
    gridId: z.string().regex(word),
    gridX: z.number().int(),
    gridY: z.number().int(),
    timeZone: z.string(),
  }),
});

/** What is used of `/gridpoints/{office}/{cell}/stations`: the nearest comes first. */
export const nwsStations = z.object({
  features: z.array(z.object({ properties: z.object({ stationIdentifier: z.string().regex(word) }) })),
});

/** What is used of `/stations/{station}/observations/latest`. */
export const nwsObservation = z.object({
  properties: z.object({
    timestamp: z.iso.datetime({ offset: true }),
    textDescription: z.string().nullish(),
    icon: z.string().nullish(),
    temperature: quantity,
    dewpoint: quantity,
    windDirection: quantity,
    windSpeed: quantity,
    windGust: quantity,
    seaLevelPressure: quantity,
    visibility: quantity,
    precipitationLastHour: quantity,
    relativeHumidity: quantity,
    windChill: quantity,
    heatIndex: quantity,
  }),
});

/** What is used of `/gridpoints/{office}/{cell}/forecast/hourly`; temperature and wind have units of their own. */
export const nwsHourly = z.object({
  properties: z.object({
    periods: z.array(
      z.object({
        startTime: z.iso.datetime({ offset: true }),
        temperature: z.number(),
        temperatureUnit: z.enum(['F', 'C']),
        probabilityOfPrecipitation: quantity,
        relativeHumidity: quantity,
        windSpeed: z.string().nullish(),
        windDirection: z.string().nullish(),
        shortForecast: z.string().nullish(),
      }),
    ),
  }),
});

const text = z.string().nullish();

/** What is used of `/alerts/active`: https://alerts.weather.gov, CAP 1.2. */
export const nwsAlerts = z.object({
  features: z.array(
    z.object({
      properties: z.object({
        id: z.string(),
        areaDesc: text,
        effective: text,
        onset: text,
        expires: text,
        ends: text,
        status: text,
        severity: text,
        certainty: text,
        urgency: text,
        event: text,
        senderName: text,
        headline: text,
        description: text,
        instruction: text,
        language: text,
      }),
    }),
  ),
});

/** An observation as it comes. */
export type NwsObservation = z.infer<typeof nwsObservation>;

/** One hour of a forecast. */
export type NwsHour = z.infer<typeof nwsHourly>['properties']['periods'][number];

/** Warnings as they come. */
export type NwsAlerts = z.infer<typeof nwsAlerts>;
