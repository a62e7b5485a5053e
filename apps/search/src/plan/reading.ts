/** Facts of a country that can be asked for. */
export const countryFacts = [
  'capital',
  'population',
  'currency',
  'languages',
  'borders',
  'region',
  'area',
  'calling_code',
] as const;

/** One of them. */
export type CountryFact = (typeof countryFacts)[number];

/** What a query can be taken for; also the kind of its typed answer. */
export type ReadingKind = 'definition' | 'time' | 'weather' | 'country' | 'place';

/** A thing named in a query. */
export interface NamedThing {
  readonly type: 'place' | 'country' | 'word';
  /** As it stands in the normalised query. */
  readonly text: string;
  /** What it means: a country code, a place's name; else the text. */
  readonly value: string;
  /** Code points of the normalised query, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** One way to take a query, by one rule. */
export interface Reading {
  readonly kind: ReadingKind;
  /** Id of the rule. */
  readonly rule: string;
  /** The language that the rule is written in; absent: the rule holds in each. */
  readonly language?: 'fr' | 'en';
  readonly thing: NamedThing;
  readonly fact?: CountryFact;
  /** What a place is asked for by, where that is not its text: with the article that a preposition took in. */
  readonly placeName?: string;
  /** Asked about a time to come, which only a forecast could answer. */
  readonly isLater: boolean;
  /** Time zones of the country, when the thing is one. */
  readonly timezones?: readonly string[];
}
