import { join } from 'node:path';
import KDBush from 'kdbush';
import { writeLocalData } from '@universal-api/providers-kit/local/local-data-file';
import { packNames } from '@universal-api/providers-kit/local/sorted-names';
import { exonymBit, nativeBit } from '../src/local-cities/exonym-languages.ts';
import { foldPlace } from '../src/local-cities/fold-place.ts';
import { districtCode } from '../src/local-cities/load-cities.ts';
import { assignAdmins } from './assign-admins.ts';
import {
  nativeNames,
  readAdmins,
  readCities,
  readExonyms,
  readLocatedAdmins,
  type SourceCity,
  type SourceExonyms,
} from './read-cities.ts';

/**
 * Writes `cities.bin` into a folder: the columns of all cities, largest first, an index of names and one of points.
 * Errors: an exonym of a city that the data does not have, so that the list stays true.
 */
export async function compile(outputFolder: string): Promise<void> {
  const cities = readCities();
  const admins = await readAdmins();
  const adminByCode = new Map(admins.map(({ code }, index) => [code, index + 1]));
  const adminOf = assignAdmins(cities, await readLocatedAdmins());
  const exonyms = locateExonyms(cities, await readExonyms());
  const points = new KDBush(cities.length, 64, Float32Array);
  for (const { loc } of cities) points.add(...loc.coordinates);
  const column = (valueOf: (city: SourceCity) => number) => bytesOf(Uint32Array.from(cities, valueOf));
  await writeLocalData(join(outputFolder, 'cities.bin'), {
    ...packCityNames(cities),
    ...packKeys(cities, exonyms),
    ids: column(({ cityId }) => cityId),
    populations: column(({ population }) => population),
    admins: column((city) => adminByCode.get(adminOf(city) ?? '') ?? 0),
    countries: bytesOf(Uint16Array.from(cities, ({ country }) => Buffer.from(country).readUInt16BE())),
    kinds: Uint8Array.from(cities, ({ featureCode }) => (featureCode === districtCode ? 1 : 0)),
    points: bytesOf(
      Int32Array.from(cities.flatMap(({ loc }) => loc.coordinates.map((degrees) => Math.round(degrees * 1e5)))),
    ),
    pointIndex: new Uint8Array(points.finish().data),
    adminNames: Buffer.from(JSON.stringify(admins.map(({ code, name }) => [code, name]))),
    exonyms: Buffer.from(JSON.stringify([...exonyms].map(([city, names]) => [city, shownNames(names)]))),
  });
}

type Exonyms = SourceExonyms[string];

/** Exonyms by position of their city: of several of that name in the country the largest is meant. */
function locateExonyms(cities: readonly SourceCity[], exonyms: SourceExonyms): Map<number, Exonyms> {
  const positions = new Map<string, number>();
  for (const [position, { country, name }] of cities.entries()) {
    const key = `${country}/${name}`;
    if (!positions.has(key)) positions.set(key, position);
  }
  const missing = Object.keys(exonyms).filter((key) => !positions.has(key));
  if (missing.length > 0)
    throw new Error(`exonyms.json names cities that the data does not have: ${missing.join('; ')}`);
  return new Map(Object.entries(exonyms).map(([key, names]) => [positions.get(key) ?? -1, names]));
}

function packCityNames(cities: readonly SourceCity[]): Record<string, Uint8Array> {
  const names = cities.map(({ name }) => Buffer.from(name.normalize('NFC').trim()));
  const offsets = new Uint32Array(names.length + 1);
  for (const [index, name] of names.entries()) offsets[index + 1] = (offsets[index] ?? 0) + name.byteLength;
  return { names: Buffer.concat(names), nameOffsets: bytesOf(offsets) };
}

/** Folded names in order, for each the city and in which languages it is called so. */
function packKeys(cities: readonly SourceCity[], exonyms: ReadonlyMap<number, Exonyms>): Record<string, Uint8Array> {
  const keys: { name: string; city: number; languages: number }[] = [];
  for (const [city, { name }] of cities.entries()) {
    const bits = new Map([[foldPlace(name), nativeBit]]);
    for (const [language, given] of Object.entries(exonyms.get(city) ?? {})) {
      const bit = language === nativeNames ? nativeBit : exonymBit(language);
      for (const exonym of [given].flat()) {
        const folded = foldPlace(exonym);
        bits.set(folded, (bits.get(folded) ?? 0) | bit);
      }
    }
    for (const [folded, languages] of bits) if (folded !== '') keys.push({ name: folded, city, languages });
  }
  const { text, offsets, order } = packNames(keys.map(({ name }) => name));
  return {
    keys: text,
    keyOffsets: offsets,
    keyCities: bytesOf(Uint32Array.from(order, (position) => keys[position]?.city ?? 0)),
    keyLanguages: Uint8Array.from(order, (position) => keys[position]?.languages ?? 0),
  };
}

function shownNames(names: Exonyms): Record<string, string> {
  const shown = Object.entries(names).filter(([language]) => language !== nativeNames);
  return Object.fromEntries(shown.map(([language, given]) => [language, [given].flat()[0] ?? '']));
}

function bytesOf(array: Uint32Array | Uint16Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer);
}
