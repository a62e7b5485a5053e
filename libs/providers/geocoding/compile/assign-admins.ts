import { foldPlace } from '../src/local-cities/fold-place.ts';
import type { LocatedAdmin, SourceCity } from './read-cities.ts';

/** How far apart, in degrees, two entries of one name may lie and still be the same city: about 2 km. */
const sameCityDegrees = 0.02;

/**
 * `<country>.<admin code>` of a city as the names of administrative levels count them; undefined if that is not known.
 *
 * The cities are older than the names, and countries have renumbered their regions since: a code read with the newer names
 * may be another region. So the code is that of the newer entry of the same city; a city without one keeps its own only if
 * most cities of that code that have one agree with it.
 */
export function assignAdmins(
  cities: readonly SourceCity[],
  located: readonly LocatedAdmin[],
): (city: SourceCity) => string | undefined {
  const byName = groupByName(located);
  const renewed = new Map<number, string>();
  const agreement = new Map<string, { matched: number; agreeing: number }>();
  for (const city of cities) {
    const today = nearestCode(city, byName.get(nameKey(city)) ?? []);
    if (today === undefined) continue;
    renewed.set(city.cityId, today);
    const old = oldCode(city);
    const count = agreement.get(old) ?? { matched: 0, agreeing: 0 };
    count.matched += 1;
    if (today === old) count.agreeing += 1;
    agreement.set(old, count);
  }
  return (city) => {
    const today = renewed.get(city.cityId);
    if (today !== undefined) return today;
    const { matched, agreeing } = agreement.get(oldCode(city)) ?? { matched: 0, agreeing: 0 };
    return agreeing * 2 > matched ? oldCode(city) : undefined;
  };
}

function groupByName(located: readonly LocatedAdmin[]): Map<string, LocatedAdmin[]> {
  const byName = new Map<string, LocatedAdmin[]>();
  for (const entry of located) {
    const key = nameKey(entry);
    const known = byName.get(key);
    if (known) known.push(entry);
    else byName.set(key, [entry]);
  }
  return byName;
}

function nearestCode({ loc }: SourceCity, entries: readonly LocatedAdmin[]): string | undefined {
  const [lon, lat] = loc.coordinates;
  let nearest: { code: string; distance: number } | undefined;
  for (const entry of entries) {
    const distance = Math.max(Math.abs(Number(entry.lat) - lat), Math.abs(Number(entry.lng) - lon));
    if (entry.admin1 === '' || distance > sameCityDegrees || (nearest && nearest.distance <= distance)) continue;
    nearest = { code: `${entry.country}.${entry.admin1}`, distance };
  }
  return nearest?.code;
}

function nameKey({ country, name }: Pick<SourceCity, 'country' | 'name'>): string {
  return `${country}/${foldPlace(name)}`;
}

function oldCode({ country, adminCode }: SourceCity): string {
  return `${country}.${adminCode}`;
}
