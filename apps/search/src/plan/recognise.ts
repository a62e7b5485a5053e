import { readQuery, type Query } from '../query/read-query.ts';
import type { NamedThing, Reading } from './reading.ts';
import { isTimeToCome, laterGroups, rules, type Rule } from './rules.ts';

/** A country as far as planning needs it. */
export interface KnownCountry {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly timezones: readonly string[];
}

/** A place as far as planning needs it. */
export interface KnownPlace {
  readonly name: string;
  /** 0: unknown. */
  readonly population: number;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode?: string;
}

/** What names mean, from what is known in process: no call leaves the installation for it. */
export interface Gazetteer {
  country(name: string): Promise<KnownCountry | undefined>;
  /** The best match, named in the language (BCP 47). */
  place(name: string, language: string): Promise<KnownPlace | undefined>;
}

/** Words that begin a sentence or a property, never the name of a thing that is looked up. */
const noFirstWord: ReadonlySet<string> = new Set(
  (
    'laquelle lequel lesquels quelle quel quelles quels que quoi qui which what that this these those my your our their ' +
    'mon ma mes ton ta tes ce cet cette ces un une a an it all general particular for pour'
  ).split(' '),
);
/** Words that stand before "weather" or alone, and are places too. */
const plainWords: ReadonlySet<string> = new Set(
  'nice good bad cold hot warm mobile reading split bath most best of enter orange'.split(' '),
);
/** Short forms of countries that people write; any other code is a word more often than not. */
const shortCountries: ReadonlySet<string> = new Set(['uk', 'us', 'usa', 'uae']);

/** French prepositions that have an article in them: "au Havre" is "à" and "Le Havre". */
const contracted: ReadonlyMap<string, string> = new Map([
  ['au', 'Le'],
  ['du', 'Le'],
  ['aux', 'Les'],
  ['des', 'Les'],
]);

/** Inhabitants from which a name alone is taken for a place: written small, written large, behind a cue or with an area. */
const leastPopulation = { small: 100_000, large: 15_000, cued: 1_000 } as const;

/**
 * What a query is taken for: the first rule whose shape fits and whose named thing is known, where the rule asks for that.
 * Undefined: nothing was recognised.
 */
export async function recognise(query: Query, gazetteer: Gazetteer): Promise<Reading | undefined> {
  for (const rule of rules) {
    const match = matchRule(rule, query);
    if (!match) continue;
    const reading = await prove(rule, match, gazetteer);
    if (reading) return reading;
  }
  return undefined;
}

interface Match {
  readonly thing: NamedThing;
  readonly folded: string;
  readonly isLater: boolean;
  /** The name with the article that a preposition before it took in, if one did. */
  readonly withArticle?: string;
}

/** The named thing of a rule in a query, where the rule's shape fits. Pure. */
function matchRule({ pattern, maxWords, kind, language }: Rule, query: Query): Match | undefined {
  const match = pattern.exec(query.folded);
  const folded = match?.groups?.['x'];
  const range = match?.indices?.groups?.['x'];
  if (!folded || !range) return undefined;
  const words = folded.split(' ');
  if (words.length > maxWords || noFirstWord.has(words[0] ?? '')) return undefined;
  // Matches end at token boundaries only: the groups are surrounded by spaces or the ends.
  const before = query.folded.slice(0, range[0]).split(' ').length - 1;
  const first = query.tokens[before];
  const last = query.tokens[before + words.length - 1];
  if (!first || !last) return undefined;
  const text = query.normalised.slice(first.start, last.end);
  const start = [...query.normalised.slice(0, first.start)].length;
  if (kind === 'weather' && isTimeToCome(folded)) return undefined;
  const type = kind === 'definition' ? 'word' : kind === 'country' ? 'country' : 'place';
  const thing: NamedThing = { type, text, value: text, start, end: start + [...text].length };
  const article = language === 'fr' ? contracted.get(query.tokens[before - 1]?.folded ?? '') : undefined;
  return {
    thing,
    folded,
    isLater: laterGroups.some((group) => match.groups?.[group] !== undefined),
    withArticle: article && `${article} ${text}`,
  };
}

async function prove(rule: Rule, match: Match, gazetteer: Gazetteer): Promise<Reading | undefined> {
  const { id, kind, language, fact, proof } = rule;
  const { thing, folded, isLater } = match;
  const reading: Reading = { kind, rule: id, language, thing, fact, isLater };
  if (proof === 'country') return asCountry(reading, await gazetteer.country(thing.text));
  if (kind === 'time' || kind === 'weather') {
    const country = isCountryName(folded) ? await gazetteer.country(thing.text) : undefined;
    if (country && !(await isCityState(country, match, gazetteer))) return asCountry(reading, country);
  }
  if (proof === 'none') return { ...reading, placeName: await nameWithArticle(match, gazetteer) };
  if (proof === 'country_or_place' && isCountryName(folded)) {
    const country = asCountry({ ...reading, kind: 'country' }, await gazetteer.country(thing.text));
    if (country) return country;
  }
  const isAlone = id === 'any.name-alone';
  if (kind === 'weather' && plainWords.has(folded)) return undefined;
  for (const tongue of language === 'en' ? ['en'] : ['fr', 'en']) {
    const place = await gazetteer.place(thing.text, tongue);
    if (place && isNameOf(place, { folded, text: thing.text, isAlone })) {
      return { ...reading, thing: { ...thing, value: place.name } };
    }
  }
  return undefined;
}

/** A place is asked for by its article where that is a part of its name: "Le Havre" is not Havre in Montana. */
async function nameWithArticle({ withArticle }: Match, gazetteer: Gazetteer): Promise<string | undefined> {
  if (withArticle === undefined) return undefined;
  const place = await gazetteer.place(withArticle, 'fr');
  const isKnown = place && isNameOf(place, { folded: foldWords(withArticle), text: withArticle, isAlone: false });
  return isKnown ? withArticle : undefined;
}

/** Whether a country has a city of its own name, as Singapore has: then the city is meant. */
async function isCityState({ code }: KnownCountry, { thing, folded }: Match, gazetteer: Gazetteer): Promise<boolean> {
  const place = await gazetteer.place(thing.text, 'en');
  return place?.countryCode === code && foldWords(place.name) === folded;
}

function asCountry(reading: Reading, country: KnownCountry | undefined): Reading | undefined {
  if (!country) return undefined;
  const thing: NamedThing = { ...reading.thing, type: 'country', value: country.code };
  return { ...reading, thing, timezones: country.timezones };
}

function isCountryName(folded: string): boolean {
  return folded.length >= 4 || shortCountries.has(folded);
}

/** Whether the best match bears the name in full, and is large enough to be meant by it. */
function isNameOf(
  { name, population }: KnownPlace,
  { folded, text, isAlone }: { readonly folded: string; readonly text: string; readonly isAlone: boolean },
): boolean {
  const bears = foldWords(name);
  const hasArea = folded.startsWith(`${bears} `);
  if (bears !== folded && !hasArea) return false;
  if (!isAlone || hasArea) return population >= leastPopulation.cued;
  const isLarge = /^\p{Lu}/u.test(text);
  return population >= (isLarge ? leastPopulation.large : leastPopulation.small);
}

/** A name in the spelling of `Query.folded`. */
function foldWords(name: string): string {
  return readQuery('name', name).folded;
}
