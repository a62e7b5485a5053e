import type { AreaNames, Areas } from './area-names.ts';
import { exonymBit, nativeBit } from './exonym-languages.ts';
import type { Cities } from './load-cities.ts';

/** How many names with the same beginning are looked at; "san" begins a few thousand. */
const maxPrefixed = 6_000;
/** An exonym of a language that was not asked for counts as a name of a city this much smaller. */
const foreignWeight = 1 / 20;

/** What is looked for: a folded name, and areas in each of which the city must lie. */
export interface CityQuery {
  readonly name: string;
  readonly areas: readonly Areas[];
  /** ISO 3166-1 alpha-2. */
  readonly countryCode?: string;
  /** BCP 47; its exonyms count fully. */
  readonly language: string;
}

/**
 * Positions of cities that bear the name exactly, largest first.
 * "Londres" is London before it is a town of Argentina; "Valence" is the one of France unless the language is French, in
 * which Valencia is called so.
 */
export function findExact(cities: Cities, query: CityQuery): number[] {
  const from = cities.keys.firstFrom(query.name);
  const keys: number[] = [];
  for (let key = from; key < cities.keys.size && cities.keys.at(key) === query.name; key += 1) keys.push(key);
  return rank(cities, keys, query);
}

/** Positions of cities whose name begins with the words of the name and goes on, largest first. */
export function findBeginning(cities: Cities, query: CityQuery): number[] {
  const beginning = `${query.name} `;
  const from = cities.keys.firstFrom(beginning);
  const keys: number[] = [];
  for (let key = from; key < cities.keys.size && keys.length < maxPrefixed; key += 1) {
    if (!cities.keys.at(key).startsWith(beginning)) break;
    keys.push(key);
  }
  return rank(cities, keys, query);
}

/** Reads the parts behind a name as areas; those that name none are given back apart. */
export function readAreas(areaNames: AreaNames, parts: readonly string[]): { areas: Areas[]; unknown: string[] } {
  const read = parts.map((part) => ({ part, areas: areaNames(part) }));
  return {
    areas: read.map(({ areas }) => areas).filter((areas) => areas !== undefined),
    unknown: read.filter(({ areas }) => areas === undefined).map(({ part }) => part),
  };
}

function rank(cities: Cities, keys: readonly number[], { areas, countryCode, language }: CityQuery): number[] {
  const ownBits = nativeBit | exonymBit(language);
  const weights = new Map<number, number>();
  for (const key of keys) {
    const position = cities.keyCity(key);
    const country = cities.countryAt(position);
    if (countryCode && country !== countryCode) continue;
    const admin = cities.adminAt(position)?.code ?? '';
    if (!areas.every((area) => area.countries.has(country) || area.admins.has(admin))) continue;
    const weight = (cities.keyLanguages(key) & ownBits) === 0 ? foreignWeight : 1;
    const size = cities.populationAt(position) * weight;
    weights.set(position, Math.max(size, weights.get(position) ?? 0));
  }
  return [...weights]
    .sort(([one, size], [other, otherSize]) => otherSize - size || one - other)
    .map(([position]) => position);
}
