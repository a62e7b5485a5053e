import KDBush from 'kdbush';
import { openLocalData } from '@universal-api/providers-kit/local/local-data-file';
import { openNames, type SortedNames } from '@universal-api/providers-kit/local/sorted-names';
import type { Point } from '@universal-api/providers-spec';

/** GeoNames code of a part of a city. */
export const districtCode = 'PPLX';

/** A city as the data has it. */
export interface City extends Point {
  /** GeoNames id. */
  readonly id: number;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
  readonly admin?: Admin;
  /** 0: unknown. */
  readonly population: number;
  readonly isDistrict: boolean;
}

/** A first administrative level: state, region, province. */
export interface Admin {
  /** `<country>.<code>`, such as `US.NY`. */
  readonly code: string;
  readonly name: string;
}

/** All cities by position, largest first: columns over buffers (about 10 MB), objects only for what is asked. */
export interface Cities {
  readonly size: number;
  at(position: number): City;
  countryAt(position: number): string;
  adminAt(position: number): Admin | undefined;
  populationAt(position: number): number;
  /** Folded names, and for each its city and the languages in which it is a name of it (bits). */
  readonly keys: SortedNames;
  keyCity(key: number): number;
  keyLanguages(key: number): number;
  readonly admins: readonly Admin[];
  readonly points: KDBush;
  /** The name in a language (ISO 639-1), if the list of exonyms has one. */
  exonym(position: number, language: string): string | undefined;
}

/** Reads the compiled file whole and closes it. */
export function loadCities(file: URL): Cities {
  const data = openLocalData(file);
  try {
    return toCities((section) => data.bytes(section));
  } finally {
    data.close();
  }
}

function toCities(bytes: (section: string) => ArrayBuffer): Cities {
  const column = (section: string) => new Uint32Array(bytes(section));
  const [ids, populations, admins, keyCities] = [
    column('ids'),
    column('populations'),
    column('admins'),
    column('keyCities'),
  ];
  const keyLanguages = new Uint8Array(bytes('keyLanguages'));
  const countries = new Uint16Array(bytes('countries'));
  const kinds = new Uint8Array(bytes('kinds'));
  const points = new Int32Array(bytes('points'));
  const names = openNames(bytes('names'), bytes('nameOffsets'));
  const json = <Content>(section: string) => JSON.parse(Buffer.from(bytes(section)).toString()) as Content;
  const adminList = json<[string, string][]>('adminNames').map(([code, name]) => ({ code, name }));
  const exonyms = new Map(json<[number, Record<string, string>][]>('exonyms'));

  const adminAt = (position: number) => adminList[(admins[position] ?? 0) - 1];
  const countryAt = (position: number) => {
    const letters = countries[position] ?? 0;
    return String.fromCharCode(letters >> 8, letters & 0xff);
  };
  return {
    size: ids.length,
    admins: adminList,
    points: KDBush.from(bytes('pointIndex')),
    keys: openNames(bytes('keys'), bytes('keyOffsets')),
    keyCity: (key) => keyCities[key] ?? 0,
    keyLanguages: (key) => keyLanguages[key] ?? 0,
    populationAt: (position) => populations[position] ?? 0,
    exonym: (position, language) => exonyms.get(position)?.[language],
    adminAt,
    countryAt,
    at: (position) => ({
      id: ids[position] ?? 0,
      name: names.at(position),
      lon: (points[2 * position] ?? 0) / 1e5,
      lat: (points[2 * position + 1] ?? 0) / 1e5,
      countryCode: countryAt(position),
      admin: adminAt(position),
      population: populations[position] ?? 0,
      isDistrict: kinds[position] === 1,
    }),
  };
}
