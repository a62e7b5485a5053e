import { z } from '@universal-api/config';

const text = z.string().nullish();

/** What is used of a result: https://positionstack.com/documentation#api_response. Unknown is null. */
export const positionstackResult = z.object({
  latitude: z.number(),
  longitude: z.number(),
  label: text,
  name: text,
  type: text,
  number: text,
  street: text,
  postal_code: text,
  /** 0..1: how well the result matches the question. */
  confidence: z.number().nullish(),
  /** Metres from the point of a reverse question. */
  distance: z.number().nullish(),
  region: text,
  county: text,
  locality: text,
  country: text,
  /** Alpha-3. */
  country_code: text,
});

/** Answer of `/forward` and `/reverse`, best first. */
export const positionstackAnswer = z.object({ data: z.array(positionstackResult) });

/** A result as it comes. */
export type PositionstackResult = z.infer<typeof positionstackResult>;
