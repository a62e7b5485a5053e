import type { Point } from '@universal-api/providers-spec';

/** A closed line of points; the last is joined to the first. */
export type Ring = readonly Point[];

/** A ring of a CAP polygon, `lat,lon lat,lon …`; undefined if it is not one. */
export function readRing(text: string): Ring | undefined {
  const ring = text
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [lat = Number.NaN, lon = Number.NaN] = pair.split(',').map(Number);
      return { lat, lon };
    });
  const isWhole = ring.every(({ lat, lon }) => Number.isFinite(lat) && Number.isFinite(lon));
  return ring.length >= 3 && isWhole ? ring : undefined;
}

/** Whether a point lies inside a ring: whether a line from it to the north crosses the ring an odd number of times. */
export function isInside(ring: Ring, { lat, lon }: Point): boolean {
  let inside = false;
  let before = ring.at(-1);
  for (const corner of ring) {
    if (before && corner.lon > lon !== before.lon > lon) {
      const share = (lon - corner.lon) / (before.lon - corner.lon);
      if (corner.lat + share * (before.lat - corner.lat) > lat) inside = !inside;
    }
    before = corner;
  }
  return inside;
}
