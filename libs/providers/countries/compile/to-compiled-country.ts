import { foldName } from '@universal-api/providers-kit/local/fold-name';
import type { CompiledCountry } from '../src/local-countries/load-countries.ts';
import type { SourceCountry } from './source-country.ts';

/** ISO 639-2/B codes in the source, with the 639-3 code that is meant. */
const languageCodes: Readonly<Record<string, string>> = { per: 'fas' };
/** Countries in a numbering plan with others: what follows is an area code of their own, and there are hundreds. */
const sharedPlans: readonly string[] = ['US', 'CA', 'RU', 'KZ'];

/** Our country out of the source's. `alpha2Of` gives the alpha-2 code of an alpha-3 one. */
export function toCompiledCountry(source: SourceCountry, alpha2Of: (alpha3: string) => string): CompiledCountry {
  const [lat, lon] = source.latlng;
  const names = commonNames(source);
  return {
    country: {
      code: source.cca2,
      alpha3: source.cca3,
      numeric: source.ccn3,
      name: source.name.common,
      officialName: source.name.official,
      names,
      capitals: source.capital.filter((capital) => capital !== ''),
      region: source.region,
      subregion: source.subregion,
      lat,
      lon,
      areaKm2: source.area > 0 ? source.area : undefined,
      currencies: Object.entries(source.currencies).map(([code, { name, symbol }]) => ({
        code,
        name,
        symbol: symbol || undefined,
      })),
      languages: Object.entries(source.languages).map(([code, name]) => ({ code: languageCodes[code] ?? code, name })),
      callingCodes: callingCodes(source),
      tlds: source.tld,
      borders: source.borders.map(alpha2Of),
      flagEmoji: toFlag(source.cca2),
      landlocked: source.landlocked,
      independent: source.independent ?? undefined,
      unMember: source.unMember,
      demonym: source.demonyms['eng']?.m || undefined,
    },
    commonNames: foldAll(Object.values(names)),
    otherNames: foldAll([
      ...source.altSpellings,
      source.name.official,
      ...[source.translations, source.name.native].flatMap((by) => Object.values(by).map(({ official }) => official)),
    ]),
  };
}

function commonNames(source: SourceCountry): Record<string, string> {
  const given = [...Object.entries(source.name.native), ...Object.entries(source.translations)];
  const names = given.map(([language, { common }]) => [
    languageCodes[language] ?? language,
    common.normalize('NFC').trim(),
  ]);
  return Object.fromEntries([...names, ['eng', source.name.common]].sort()) as Record<string, string>;
}

function callingCodes({ cca2, idd }: SourceCountry): string[] {
  if (idd.root === '') return [];
  return sharedPlans.includes(cca2) ? [idd.root] : idd.suffixes.map((suffix) => idd.root + suffix);
}

/** The pair of regional indicator symbols. Source: Unicode Technical Standard 51, annex B. */
function toFlag(code: string): string {
  return String.fromCodePoint(...[...code].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65));
}

function foldAll(names: readonly string[]): string[] {
  return [...new Set(names.map(foldName))].filter((name) => name !== '');
}
