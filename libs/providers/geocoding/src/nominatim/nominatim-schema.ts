import { z } from '@universal-api/config';

const degrees = z.string().transform(Number).pipe(z.number());
const text = z.string().optional();

/** What is used of a place: https://nominatim.org/release-docs/latest/api/Output/. Coordinates come as text. */
export const nominatimPlace = z.object({
  osm_type: text,
  // A number today; older servers, which an operator may run, send a text.
  osm_id: z.coerce.number().optional(),
  lat: degrees,
  lon: degrees,
  category: text,
  type: text,
  addresstype: text,
  place_rank: z.number().optional(),
  name: z.string().nullish(),
  display_name: z.string(),
  address: z.record(z.string(), z.string()).optional(),
  boundingbox: z.tuple([degrees, degrees, degrees, degrees]).optional(),
});

/** Answer of `/search`, best first. */
export const nominatimPlaces = z.array(nominatimPlace);

/** A place as it comes. */
export type NominatimPlace = z.infer<typeof nominatimPlace>;
