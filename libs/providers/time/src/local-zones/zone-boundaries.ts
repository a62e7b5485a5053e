/** Zones at a point, best first; never empty. Latitude and longitude in WGS 84 degrees. */
export interface ZoneBoundaries {
  readonly isExact: boolean;
  find(lat: number, lon: number): readonly string[];
}

/** Decoded boundary tiles that are kept; one is up to a few hundred KB, all of them would be several hundred MB. */
const maxTiles = 48;

/**
 * Boundaries by polygon if the optional package `geo-tz` is installed, else by the small raster of `tz-lookup`, which errs
 * by a few km at borders. Loaded when called.
 */
export async function loadZoneBoundaries(): Promise<ZoneBoundaries> {
  return (await loadExactBoundaries()) ?? (await loadApproximateBoundaries());
}

/** The polygons, or undefined if their package is not installed. */
async function loadExactBoundaries(): Promise<ZoneBoundaries | undefined> {
  try {
    const { find, setCache } = await import('geo-tz/all');
    setCache({ store: createTileStore(maxTiles) });
    return { isExact: true, find };
  } catch (cause) {
    // An optional package may be left out at install; anything else that is wrong with it must be seen.
    if (cause instanceof Error && 'code' in cause && isAbsence(cause.code)) return undefined;
    throw cause;
  }
}

/** The raster of a few ten KB. */
export async function loadApproximateBoundaries(): Promise<ZoneBoundaries> {
  const { default: zoneAt } = await import('tz-lookup');
  return { isExact: false, find: (lat, lon) => [zoneAt(lat, lon)] };
}

/** A map that forgets what was put in first when it is full. */
export function createTileStore<Tile>(limit: number) {
  const tiles = new Map<string, Tile>();
  return {
    get: (key: string) => tiles.get(key),
    set(key: string, tile: Tile) {
      if (tiles.size >= limit) tiles.delete(tiles.keys().next().value ?? '');
      tiles.set(key, tile);
    },
  };
}

function isAbsence(code: unknown): boolean {
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
