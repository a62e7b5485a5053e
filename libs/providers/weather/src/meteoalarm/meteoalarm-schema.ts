import { z } from '@universal-api/config';

const text = z.string().nullish();

/** One area of a warning; a polygon is `lat,lon lat,lon …`. Many services name areas by codes alone. */
const area = z.object({ areaDesc: text, polygon: z.union([z.string(), z.array(z.string())]).nullish() });

/** A warning in one language. */
const info = z.object({
  language: text,
  event: text,
  severity: text,
  urgency: text,
  certainty: text,
  headline: text,
  description: text,
  instruction: text,
  onset: text,
  effective: text,
  expires: text,
  senderName: text,
  web: text,
  area: z.array(area).nullish(),
  parameter: z.array(z.object({ valueName: z.string(), value: text })).nullish(),
});

/** What is used of `warnings/feeds-{country}`: CAP 1.2 as JSON. */
export const meteoalarmFeed = z.object({
  warnings: z.array(
    z.object({ alert: z.object({ identifier: z.string(), status: text, msgType: text, info: z.array(info) }) }),
  ),
});

/** All warnings of a country. */
export type MeteoalarmFeed = z.infer<typeof meteoalarmFeed>;

/** A warning in one language. */
export type MeteoalarmInfo = z.infer<typeof info>;

/** One of its areas. */
export type MeteoalarmArea = z.infer<typeof area>;
