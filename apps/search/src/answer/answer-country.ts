import type { Country } from '@universal-api/providers-spec';
import type { CountryFact } from '../plan/reading.ts';
import { joinWords, nameOf, writeNumber, type AnswerLanguage } from './answer-text.ts';
import type { WrittenAnswer } from './written-answer.ts';

/** The part of a country that answers are written from. */
export type AnsweredCountry = Pick<
  Country,
  'code' | 'name' | 'capitals' | 'region' | 'subregion' | 'currencies' | 'languages' | 'borders' | 'callingCodes'
> & { readonly names: Readonly<Record<string, string>>; readonly areaKm2?: number; readonly population?: number };

type Fact = Omit<WrittenAnswer, 'text'> & { readonly words: string };

const frenchRegions: Readonly<Record<string, string>> = {
  Africa: 'Afrique',
  Americas: 'Amériques',
  Antarctic: 'Antarctique',
  Asia: 'Asie',
  Europe: 'Europe',
  Oceania: 'Océanie',
};

/** English names of countries that have an article: those of plurals and of forms of state. */
const takesArticle =
  /^(?:United|(?:Central African |Czech |Dominican )?Republic|Isle of)\b|\b(?:Islands|Territory|Lands|Netherlands)$|^(?:Philippines|Maldives|Bahamas|Gambia|Comoros)$/;

/** Sentences of a fact about a country: its name, the words of the fact, whether these are several. */
const sentences: Readonly<
  Record<CountryFact, Readonly<Record<AnswerLanguage, (name: string, words: string, several: boolean) => string>>>
> = {
  capital: {
    en: (name, words, several) =>
      `The ${several ? 'capitals' : 'capital'} of ${name} ${several ? 'are' : 'is'} ${words}.`,
    fr: (name, words, several) => `${name} : ${several ? 'les capitales sont' : 'la capitale est'} ${words}.`,
  },
  population: {
    en: (name, words) => `${name} has ${words} inhabitants.`,
    fr: (name, words) => `${name} : ${words} habitants.`,
  },
  currency: {
    en: (name, words, several) =>
      `The ${several ? 'currencies' : 'currency'} of ${name} ${several ? 'are' : 'is'} the ${words}.`,
    fr: (name, words, several) => `${name} : ${several ? 'les monnaies sont' : 'la monnaie est'} ${words}.`,
  },
  languages: {
    en: (name, words, several) =>
      `The official ${several ? 'languages' : 'language'} of ${name} ${several ? 'are' : 'is'} ${words}.`,
    fr: (name, words, several) =>
      `${name} : ${several ? 'les langues officielles sont' : 'la langue officielle est'} ${words}.`,
  },
  borders: {
    en: (name, words) => `${name} borders ${words}.`,
    fr: (name, words) => `${name} : frontières avec ${words}.`,
  },
  region: {
    en: (name, words) => `${name} is in ${words}.`,
    fr: (name, words) => `${name} : région ${words}.`,
  },
  area: {
    en: (name, words) => `The area of ${name} is ${words} km².`,
    fr: (name, words) => `${name} : la superficie est de ${words} km².`,
  },
  calling_code: {
    en: (name, words, several) =>
      `The calling ${several ? 'codes' : 'code'} of ${name} ${several ? 'are' : 'is'} ${words}.`,
    fr: (name, words, several) => `${name} : ${several ? 'les indicatifs sont' : "l'indicatif est"} ${words}.`,
  },
};

/**
 * A fact of a country in words, or without a fact its capital; undefined where the data does not have it: then there is no
 * answer, and nothing stands in for it.
 */
export function answerCountry(
  country: AnsweredCountry,
  fact: CountryFact | undefined,
  language: AnswerLanguage,
): WrittenAnswer | undefined {
  const asked = fact ?? 'capital';
  const found = readFact(country, asked, language);
  if (!found) return undefined;
  const french = language === 'fr' ? country.names['fra'] : undefined;
  const name = french ?? withArticle(country.name);
  const { words, ...answer } = found;
  const sentence = sentences[asked][language](name, words, answer.value.includes(', '));
  // Names end in a full stop as well: "Washington D.C."
  return { ...answer, text: sentence.replace(/^the /, 'The ').replace(/\.\.$/, '.') };
}

/** An English name as it stands in a sentence. */
function withArticle(name: string): string {
  return takesArticle.test(name) ? `the ${name}` : name;
}

function readFact(country: AnsweredCountry, fact: CountryFact, language: AnswerLanguage): Fact | undefined {
  const list = (values: readonly string[], words: readonly string[] = values): Fact | undefined =>
    values.length === 0
      ? undefined
      : { words: joinWords(words, language), value: values.join(', '), unit: '', exact: true };
  switch (fact) {
    case 'capital':
      return list(country.capitals);
    case 'currency': {
      const named = country.currencies.map(({ code, name }) => `${nameOf('currency', code, language, name)} (${code})`);
      return list(
        country.currencies.map(({ code }) => code),
        named,
      );
    }
    case 'languages':
      return list(country.languages.map(({ code, name }) => nameOf('language', code, language, name)));
    case 'borders':
      return list(country.borders.map((code) => nameOf('region', code, language, code)));
    case 'calling_code':
      return list(country.callingCodes);
    case 'region': {
      const region = language === 'fr' ? frenchRegions[country.region] : country.subregion || country.region;
      return region ? { words: region, value: country.region, unit: '', exact: true } : undefined;
    }
    case 'area':
      return measure(country.areaKm2, 'km²', language);
    case 'population':
      return measure(country.population, '', language);
    default:
      return fact satisfies never;
  }
}

function measure(value: number | undefined, unit: string, language: AnswerLanguage): Fact | undefined {
  return value === undefined
    ? undefined
    : { words: writeNumber(value, language), value: String(value), unit, exact: false };
}
