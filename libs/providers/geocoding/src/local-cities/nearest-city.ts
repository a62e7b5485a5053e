import { around, distance } from 'geokdbush';
import type { Point } from '@universal-api/providers-spec';
import type { Cities } from './load-cities.ts';

const maxDistanceKm = 50;
/** How much further away a city of the point's own country may be than one beyond the border. */
const borderKm = 15;
/** At this distance one is in the city, whatever the polygons of countries say. */
const insideKm = 1;

/** Gives the country (ISO 3166-1 alpha-2) that a point lies in; undefined at sea. */
export type CountryAt = (point: Point) => string | undefined;

/** A city and how far it is from the point that was asked. */
export interface NearestCity {
  readonly position: number;
  readonly distanceM: number;
}

/**
 * The city nearest to a point, within 50 km, on the point's side of the border if one is about as near; undefined at sea
 * and where nobody lives.
 */
export function findNearest(cities: Cities, countryAt: CountryAt, point: Point): NearestCity | undefined {
  const nearest = nearestOf(cities, point);
  if (!nearest || nearest.distanceM <= insideKm * 1_000) return nearest;
  const country = countryAt(point);
  if (!country) return undefined;
  if (cities.countryAt(nearest.position) === country) return nearest;
  const own = nearestOf(cities, point, (position) => cities.countryAt(position) === country);
  return own && own.distanceM <= nearest.distanceM + borderKm * 1_000 ? own : nearest;
}

function nearestOf(
  cities: Cities,
  { lat, lon }: Point,
  isWanted?: (position: number) => boolean,
): NearestCity | undefined {
  const [position] = around(cities.points, lon, lat, 1, maxDistanceKm, isWanted);
  if (position === undefined) return undefined;
  const city = cities.at(position);
  return { position, distanceM: Math.round(distance(lon, lat, city.lon, city.lat) * 1_000) };
}
