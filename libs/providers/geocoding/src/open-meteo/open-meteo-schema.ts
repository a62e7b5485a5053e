import { z } from '@universal-api/config';

const text = z.string().optional();

/** What is used of a named place: https://open-meteo.com/en/docs/geocoding-api. Empty fields are not sent. */
export const openMeteoPlace = z.object({
  id: z.number(),
  name: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  feature_code: text,
  country_code: text,
  country: text,
  admin1: text,
  admin2: text,
  timezone: text,
  population: z.number().optional(),
});

/** Answer of `/search`, best first; without `results` if there is none. */
export const openMeteoPlaces = z.object({ results: z.array(openMeteoPlace).optional() });

/** Answer of `/elevation`, metres, one for each point: https://open-meteo.com/en/docs/elevation-api. */
export const openMeteoElevation = z.object({ elevation: z.tuple([z.number()]) });

/** A named place as it comes. */
export type OpenMeteoPlace = z.infer<typeof openMeteoPlace>;
