import type { Point, WeatherAlert } from '@universal-api/providers-spec';
import { toAlerts, type CapWarning } from '../cap-warning.ts';
import { manifest } from './manifest.ts';
import type { MeteoalarmArea, MeteoalarmFeed, MeteoalarmInfo } from './meteoalarm-schema.ts';
import { isInside, readRing } from './polygon.ts';

/** The warnings of a country that may hold at a point. */
export interface WarningsAt {
  readonly alerts: readonly WeatherAlert[];
  /** How many of them have areas without outlines: whether they hold at the point is not known. */
  readonly unplaced: number;
}

/**
 * Warnings whose outline holds the point, and those without an outline, since a warning that is left out is worse than
 * one too many. Cancelled ones, exercises and the level green, which is none, are left out. `now` is ms since the epoch.
 */
export function toWarningsAt(feed: MeteoalarmFeed, point: Point, language: string, now: number): WarningsAt {
  const unplaced = new Set<string>();
  const warnings = feed.warnings.flatMap(({ alert }): CapWarning[] => {
    const isMeant = alert.msgType !== 'Cancel' && (!alert.status || alert.status === 'Actual');
    const info = isMeant ? chooseInfo(alert.info, language) : undefined;
    if (!info || isGreen(info)) return [];
    const { areas, isPlaced } = areasAt(info.area ?? [], point);
    if (areas.length === 0) return [];
    if (!isPlaced) unplaced.add(`${manifest.id}:${alert.identifier.trim()}`);
    return [toWarning(alert.identifier, info, areas)];
  });
  const alerts = toAlerts(manifest.id, manifest.name, warnings, now);
  return { alerts, unplaced: alerts.filter(({ id }) => unplaced.has(id)).length };
}

/** In the language wanted, else in English, else in the first. */
function chooseInfo(infos: readonly MeteoalarmInfo[], language: string): MeteoalarmInfo | undefined {
  const inLanguage = (wanted: string) => infos.find((info) => primary(info.language ?? '') === primary(wanted));
  return inLanguage(language) ?? inLanguage('en') ?? infos[0];
}

function primary(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? '';
}

function isGreen({ parameter }: MeteoalarmInfo): boolean {
  const level = parameter?.find(({ valueName }) => valueName === 'awareness_level')?.value;
  return level?.trim().startsWith('1') ?? false;
}

/** The areas that hold the point, or else those that do not say where they are. */
function areasAt(areas: readonly MeteoalarmArea[], point: Point) {
  const outlined = areas.map((area) => ({ area, rings: ringsOf(area) }));
  const here = outlined.filter(({ rings }) => rings.some((ring) => isInside(ring, point)));
  const chosen = here.length > 0 ? here : outlined.filter(({ rings }) => rings.length === 0);
  return { areas: chosen.map(({ area }) => area), isPlaced: here.length > 0 };
}

function ringsOf({ polygon }: MeteoalarmArea) {
  return [polygon ?? []].flat().flatMap((text) => {
    const ring = readRing(text);
    return ring ? [ring] : [];
  });
}

function toWarning(id: string, info: MeteoalarmInfo, areas: readonly MeteoalarmArea[]): CapWarning {
  return {
    ...info,
    id,
    area: [...new Set(areas.flatMap(({ areaDesc }) => areaDesc ?? []))].join(', '),
    startsAt: info.onset ?? info.effective,
    endsAt: info.expires,
    issuer: info.senderName,
    url: info.web,
  };
}
