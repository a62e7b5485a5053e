import { foldName } from '@universal-api/providers-kit/local/fold-name';
import type { CountriesQuestion, Country } from '@universal-api/providers-spec';
import type { KnownCountry } from './load-countries.ts';

/**
 * The country of a code (alpha-2, alpha-3, numeric) or of an exact name in any language; accents and case do not matter.
 * A name that two countries share is the one of which it is the English name, else a common one, else the larger one.
 */
export function findCountry(countries: readonly KnownCountry[], text: string): Country | undefined {
  const code = text.trim().toUpperCase();
  const numeric = /^\d{1,3}$/.test(code) ? code.padStart(3, '0') : undefined;
  const byCode = countries.find(
    ({ country }) => country.code === code || country.alpha3 === code || country.numeric === numeric,
  );
  return byCode ? byCode.country : findByName(countries, foldName(text));
}

/** Countries for which every given condition holds, in the given order. */
export function filterCountries(countries: readonly KnownCountry[], question: CountriesQuestion): Country[] {
  const query = foldName(question.query ?? '');
  // Something was asked, but nothing that a name could hold.
  if (query === '' && question.query?.trim()) return [];
  const language = canonicalLanguage(question.languageCode);
  return countries
    .filter(
      ({ country, commonNames, otherNames }) =>
        (query === '' || [commonNames, otherNames].some((names) => names.some((name) => name.includes(query)))) &&
        isSame(question.region, country.region) &&
        isSame(question.subregion, country.subregion) &&
        (!question.currency || country.currencies.some(({ code }) => isSame(question.currency, code))) &&
        (!language || country.languages.some(({ code }) => canonicalLanguage(code) === language)),
    )
    .map(({ country }) => country);
}

function findByName(countries: readonly KnownCountry[], name: string): Country | undefined {
  if (name === '') return undefined;
  const rankOf = ({ country, commonNames, otherNames }: KnownCountry) => {
    if (foldName(country.name) === name) return 0;
    if (commonNames.includes(name)) return 1;
    return otherNames.includes(name) ? 2 : 3;
  };
  const [best] = countries
    .map((known) => ({ country: known.country, rank: rankOf(known) }))
    .filter(({ rank }) => rank < 3)
    .sort((one, other) => one.rank - other.rank || (other.country.areaKm2 ?? 0) - (one.country.areaKm2 ?? 0));
  return best?.country;
}

function isSame(asked: string | undefined, value: string): boolean {
  return !asked || foldName(asked) === foldName(value);
}

/** One spelling of a language for its ISO 639-1 and 639-3 codes; one that matches nothing if it is no code at all. */
function canonicalLanguage(code: string | undefined): string | undefined {
  if (!code) return undefined;
  try {
    return Intl.getCanonicalLocales(code)[0];
  } catch {
    // The only way that Intl has to say that this cannot be a language.
    return 'none';
  }
}
