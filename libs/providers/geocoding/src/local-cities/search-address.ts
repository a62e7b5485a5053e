import type { AreaNames } from './area-names.ts';
import { findBeginning, findExact, readAreas, type CityQuery } from './find-cities.ts';
import { foldPlace } from './fold-place.ts';
import type { Cities } from './load-cities.ts';

/** Words at the end of an address without commas that may be a country or a state: "San José Costa Rica". */
const maxAreaWords = 4;

/** Cities found, best first, and which parts of the address they do not answer. */
export interface FoundCities {
  readonly positions: readonly number[];
  /** Parts that name nothing known here: streets, numbers, postcodes, counties. */
  readonly ignored: readonly string[];
}

/** What a caller asks, as `geocoding.forward` has it. */
export interface AddressQuestion {
  readonly address: string;
  readonly countryCode?: string;
  readonly language: string;
}

/**
 * Reads an address as a city and the areas around it: "Lyon", "lyon, france", "Paris TX", "10 rue X, 75002 Paris, France".
 * Exact names come first, then names that begin with the words asked for. Empty if no city is named.
 */
export function searchAddress(cities: Cities, areaNames: AreaNames, question: AddressQuestion): FoundCities {
  const parts = question.address
    .split(',')
    .map(foldPlace)
    .filter((part) => part !== '');
  const query = (name: string, areas: CityQuery['areas']): CityQuery => ({ ...question, name, areas });
  const whole = query(parts.join(' '), []);
  const exactWhole = findExact(cities, whole);
  if (exactWhole.length > 0 && parts.length <= 2) {
    return { positions: union(exactWhole, findBeginning(cities, whole)), ignored: [] };
  }
  for (const [index, part] of parts.entries()) {
    const skipped = parts.slice(0, index);
    // A part may be left out only if it looks like a street or a number: "Nowhere, Georgia" is not the town of Georgia.
    if (skipped.some((left) => !/\d/.test(left)) || (index > 0 && areaNames(part))) break;
    const found = searchPart(cities, areaNames, query, part, parts.slice(index + 1));
    if (found.positions.length > 0) return { ...found, ignored: [...skipped, ...found.ignored] };
  }
  const first = parts[0] ?? '';
  const { areas, unknown } = readAreas(areaNames, parts.slice(1));
  return { positions: first === '' ? [] : findBeginning(cities, query(first, areas)), ignored: unknown };
}

/** A part as a city's exact name, alone, without its numbers, or followed by areas. */
function searchPart(
  cities: Cities,
  areaNames: AreaNames,
  query: (name: string, areas: CityQuery['areas']) => CityQuery,
  part: string,
  behind: readonly string[],
): FoundCities {
  const { areas, unknown } = readAreas(areaNames, behind);
  const words = part.split(' ');
  const lettered = words.filter((word) => !/\d/.test(word)).join(' ');
  const numbers = words.filter((word) => /\d/.test(word));
  for (const [name, ignored] of [
    [part, unknown],
    [lettered, [...numbers, ...unknown]],
  ] as const) {
    if (name === '') continue;
    const positions = findExact(cities, query(name, areas));
    if (positions.length > 0) {
      return { positions: union(positions, findBeginning(cities, query(name, areas))), ignored };
    }
  }
  for (let count = 1; count < Math.min(words.length, maxAreaWords + 1); count += 1) {
    const area = areaNames(words.slice(-count).join(' '));
    if (!area) continue;
    const positions = findExact(cities, query(words.slice(0, -count).join(' '), [area, ...areas]));
    if (positions.length > 0) return { positions, ignored: unknown };
  }
  return { positions: [], ignored: [] };
}

function union(first: readonly number[], second: readonly number[]): number[] {
  return [...new Set([...first, ...second])];
}
