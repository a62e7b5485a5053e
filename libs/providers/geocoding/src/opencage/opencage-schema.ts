import { z } from '@universal-api/config';

const corner = z.object({ lat: z.number(), lng: z.number() });

/** What is used of a result: https://opencagedata.com/api#response. Which components there are differs by place. */
export const opencageResult = z.object({
  formatted: z.string(),
  geometry: corner,
  bounds: z.object({ northeast: corner, southwest: corner }).optional(),
  components: z.record(z.string(), z.unknown()),
  /** Of reverse geocoding alone. */
  distance_from_q: z.object({ meters: z.number() }).optional(),
});

/** Answer of `/json`, best first. */
export const opencageAnswer = z.object({ results: z.array(opencageResult) });

/** A result as it comes. */
export type OpencageResult = z.infer<typeof opencageResult>;
