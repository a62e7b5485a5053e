import type { Place } from '@universal-api/providers-spec';
import type { Cities } from './load-cities.ts';
import { manifest } from './manifest.ts';

/** A city as a place, named in a language (BCP 47) where the list of exonyms has its name; the country always is. */
export function toPlace(cities: Cities, position: number, language: string): Place {
  const city = cities.at(position);
  const name = cities.exonym(position, language.toLowerCase().split('-')[0] ?? '') ?? city.name;
  const country = countryName(city.countryCode, language);
  const state = city.admin?.name;
  return {
    id: `${manifest.id}:${city.id}`,
    name,
    label: [...new Set([name, state, country])].filter((part) => part !== undefined).join(', '),
    lat: city.lat,
    lon: city.lon,
    kind: city.isDistrict ? 'district' : 'city',
    ...(city.isDistrict ? {} : { city: name }),
    ...(state === undefined ? {} : { state }),
    country,
    countryCode: city.countryCode,
    ...(city.population > 0 ? { population: city.population } : {}),
  };
}

function countryName(code: string, language: string): string {
  try {
    return new Intl.DisplayNames([language, 'en'], { type: 'region' }).of(code) ?? code;
  } catch {
    // A language that Intl cannot read names nothing; English does.
    return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
  }
}
