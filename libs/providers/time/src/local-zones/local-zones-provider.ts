import { ProviderFailure } from '@universal-api/providers-kit';
import { onFirstUse } from '@universal-api/providers-kit/local/on-first-use';
import { toIanaName } from '@universal-api/providers-kit/local/zone-names';
import type { ProviderManifest, TimeOperations } from '@universal-api/providers-spec';
import { manifest } from './manifest.ts';
import { loadZoneBoundaries, type ZoneBoundaries } from './zone-boundaries.ts';

/** The zone boundaries as a provider. */
export interface LocalZonesProvider {
  readonly manifest: ProviderManifest;
  readonly operations: Required<Pick<TimeOperations, 'time.zone_at'>>;
}

/**
 * The time zone at a point, from boundaries in process.
 *
 * In:     WGS 84 degrees: latitude -90..90, longitude -180..180.
 * Out:    IANA zone; at sea the nautical zone `Etc/GMT±n`. Where zones overlap (disputed land) the first is given.
 *         `degraded: approximate_boundary` when only the small raster is installed.
 * Errors: `caller_error` for a point off the globe.
 * Source: timezone-boundary-builder (OpenStreetMap), or tz-lookup.
 */
export function createLocalZonesProvider(load: () => Promise<ZoneBoundaries> = loadZoneBoundaries): LocalZonesProvider {
  const boundaries = onFirstUse(manifest.id, load);
  return {
    manifest,
    operations: {
      async 'time.zone_at'({ lat, lon }, context) {
        checkPoint(lat, lon);
        const { isExact, find } = await boundaries();
        if (!isExact) context.degrade('approximate_boundary', 'zone borders are known to a few km only');
        const zone = pickZone(find(lat, lon), lon);
        return { timezone: toIanaName(zone), atSea: isNautical(zone) };
      },
    },
  };
}

/** At the poles and the date line several nautical zones meet; the one of the longitude is meant. */
function pickZone(zones: readonly string[], lon: number): string {
  const onLand = zones.find((zone) => !isNautical(zone));
  if (onLand) return onLand;
  const hours = Math.round(lon / 15);
  return hours === 0 ? 'Etc/GMT' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
}

function isNautical(zone: string): boolean {
  return zone.startsWith('Etc/');
}

function checkPoint(lat: number, lon: number): void {
  const wrong = [
    ...(Math.abs(lat) <= 90 ? [] : [{ field: 'lat', rule: 'between -90 and 90' }]),
    ...(Math.abs(lon) <= 180 ? [] : [{ field: 'lon', rule: 'between -180 and 180' }]),
  ];
  if (wrong.length === 0) return;
  const internal = 'the point is not on the globe';
  throw new ProviderFailure({ provider: manifest.id, failure: 'caller_error', internal, fieldErrors: wrong });
}
