import type { Point } from '@universal-api/providers-spec';

const earthRadiusM = 6_371_008.8;

/** Along the great circle (haversine), on a sphere of the mean radius. */
export function metresBetween(a: Point, b: Point): number {
  const toRad = Math.PI / 180;
  const sinLat = Math.sin(((b.lat - a.lat) * toRad) / 2);
  const sinLon = Math.sin(((b.lon - a.lon) * toRad) / 2);
  const square = sinLat ** 2 + Math.cos(a.lat * toRad) * Math.cos(b.lat * toRad) * sinLon ** 2;
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(square)));
}
