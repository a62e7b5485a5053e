import type { Cities } from './load-cities.ts';
import { exonymLanguages } from './exonym-languages.ts';
import { foldPlace } from './fold-place.ts';

/** Countries and first administrative levels that one name may mean ("CA" is Canada, and California). */
export interface Areas {
  /** ISO 3166-1 alpha-2. */
  readonly countries: ReadonlySet<string>;
  /** `<country>.<code>`. */
  readonly admins: ReadonlySet<string>;
}

/** What an area's name or code means; undefined for a name of none. In: folded. */
export type AreaNames = (folded: string) => Areas | undefined;

interface GrowingAreas {
  readonly countries: Set<string>;
  readonly admins: Set<string>;
}

/** Short names that people write and no standard has. */
const shortNames: Readonly<Record<string, string>> = {
  uk: 'GB',
  usa: 'US',
  uae: 'AE',
  holland: 'NL',
  'great britain': 'GB',
};

/** Names of the countries of the cities, in the languages of the exonyms, and of their administrative levels. */
export function loadAreaNames(cities: Cities): AreaNames {
  const areas = new Map<string, GrowingAreas>();
  const areasOf = (name: string) => {
    const folded = foldPlace(name);
    const known = areas.get(folded) ?? { countries: new Set(), admins: new Set() };
    areas.set(folded, known);
    return known;
  };
  const codes = new Set(Array.from({ length: cities.size }, (_, position) => cities.countryAt(position)));
  const regionNames = exonymLanguages.map((language) => new Intl.DisplayNames(language, { type: 'region' }));
  for (const code of codes) {
    for (const name of [code, ...regionNames.map((names) => names.of(code) ?? code)]) areasOf(name).countries.add(code);
  }
  for (const [name, code] of Object.entries(shortNames)) areasOf(name).countries.add(code);
  for (const { code, name } of cities.admins) {
    areasOf(name).admins.add(code);
    const short = code.slice(3);
    // Codes of digits are the data's own; those of letters are the ones on envelopes.
    if (/^[A-Z]{2,3}$/.test(short)) areasOf(short).admins.add(code);
  }
  return (folded) => areas.get(folded);
}
