import { z } from '@universal-api/config';
import type { Point, ProviderSettings, WeatherAlert } from '@universal-api/providers-spec';
import { toAlerts } from '../cap-warning.ts';
import { manifest } from './manifest.ts';
import { toPointQuery } from './met-norway-mapping.ts';

const text = z.string().nullish();

/** What is used of `metalerts/2.0/current.json`: https://docs.api.met.no/doc/metalerts/geojson.html. */
export const metNorwayAlerts = z.object({
  features: z.array(
    z.object({
      properties: z.object({
        id: z.string(),
        area: text,
        event: text,
        eventAwarenessName: text,
        title: text,
        description: text,
        consequences: text,
        instruction: text,
        severity: text,
        certainty: text,
        status: text,
        web: text,
        eventEndingTime: text,
      }),
      when: z.object({ interval: z.array(text) }).nullish(),
    }),
  ),
});

/** The languages that warnings are written in. */
export type MetNorwayLanguage = 'en' | 'no';

/** Norwegian, both written forms of it, or else English. */
export function toMetNorwayLanguage(language: string): MetNorwayLanguage {
  return /^(?:no|nb|nn)\b/i.test(language) ? 'no' : 'en';
}

/** Warnings whose area holds the point. */
export function toAlertsUrl({ hosts }: ProviderSettings, point: Point, language: MetNorwayLanguage): string {
  return `${hosts['base']}/metalerts/2.0/current.json?${toPointQuery(point)}&lang=${language}`;
}

/** Warnings as answers carry them; exercises and tests are left out. `now` is ms since the epoch. */
export function toMetNorwayAlerts(
  { features }: z.infer<typeof metNorwayAlerts>,
  language: MetNorwayLanguage,
  now: number,
): readonly WeatherAlert[] {
  const warnings = features
    .filter(({ properties: { status } }) => !status || status === 'Actual')
    .map(({ properties, when }) => ({
      id: properties.id,
      event: properties.eventAwarenessName ?? properties.event,
      severity: properties.severity,
      certainty: properties.certainty,
      headline: properties.title,
      description: [properties.description, properties.consequences].filter(Boolean).join('\n\n'),
      instruction: properties.instruction,
      area: properties.area,
      startsAt: when?.interval[0],
      endsAt: properties.eventEndingTime ?? when?.interval[1],
      language,
      url: properties.web,
    }));
  return toAlerts(manifest.id, manifest.name, warnings, now);
}
