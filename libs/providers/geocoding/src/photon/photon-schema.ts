import { z } from '@universal-api/config';

const text = z.string().optional();

/** What is used of a feature: https://github.com/komoot/photon/blob/master/docs/api-v1.md. Coordinates: longitude first. */
export const photonFeature = z.object({
  geometry: z.object({ coordinates: z.tuple([z.number(), z.number()]) }),
  properties: z.object({
    osm_type: text,
    osm_id: z.number().optional(),
    osm_key: text,
    osm_value: text,
    type: text,
    name: text,
    housenumber: text,
    street: text,
    postcode: text,
    locality: text,
    district: text,
    city: text,
    county: text,
    state: text,
    country: text,
    countrycode: text,
    /** West, north, east, south. */
    extent: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
  }),
});

/** Answer of `/api/` and `/reverse`, best first. */
export const photonAnswer = z.object({ features: z.array(photonFeature) });

/** A feature as it comes. */
export type PhotonFeature = z.infer<typeof photonFeature>;
