import type { Reading } from './reading.ts';
import type { CategoryContext, CategoryQuestion, SearchCategory } from './search-category.ts';

/** Words that ask or tell about something: a query that has one is not the name of a thing. */
const notInNames: ReadonlySet<string> = new Set(
  (
    'ou est sont qui que quoi quel quelle quels quelles comment combien pourquoi quand information informations ' +
    'info infos actualite actualites prix cours recette definir meteo heure avis acheter ' +
    'who what where when why how which is are was were does do can news price buy best review recipe weather time define'
  ).split(' '),
);
const maxNameWords = 4;
const maxFreeWords = 2;
/** As `geocoding.forward` takes it. */
const [leastPlaceLetters, mostPlaceLetters] = [2, 200];

const notApplicable = (reason: string): CategoryQuestion => ({ notApplicable: reason });

/** The categories of this installation, by id. An operation belongs to one of them; `search.md` 5 has the whole table. */
export const productCategories: readonly SearchCategory[] = [
  {
    id: 'countries',
    name: 'Countries',
    description: 'Facts about countries and territories: capital, currency, languages, neighbours, area, codes.',
    keywords: ['country', 'capital', 'currency of', 'pays', 'capitale', 'monnaie'],
    aliases: ['country'],
    kind: 'route',
    operation: 'countries.get',
    takesFreeText: true,
    toQuestion: askCountries,
  },
  {
    id: 'dictionary',
    name: 'Dictionary',
    description: 'What a word means.',
    keywords: ['define', 'definition', 'meaning', 'définir', 'définition'],
    aliases: ['define'],
    kind: 'route',
    operation: 'knowledge.define',
    takesFreeText: true,
    toQuestion: askDictionary,
  },
  {
    id: 'geocoding',
    name: 'Places',
    description: 'Where a place is.',
    keywords: ['where is', 'city', 'address', 'où est', 'ville', 'adresse'],
    aliases: ['location'],
    kind: 'route',
    operation: 'geocoding.forward',
    takesFreeText: true,
    toQuestion: askGeocoding,
  },
  {
    id: 'tools',
    name: 'Tools',
    description: 'The time in a place.',
    keywords: ['time in', 'what time is it', 'heure à', 'quelle heure'],
    aliases: ['calc'],
    kind: 'local',
    operation: 'time.now',
    takesFreeText: false,
    toQuestion: askTools,
  },
  {
    id: 'weather',
    name: 'Weather',
    description: 'The weather in a place now.',
    keywords: ['weather', 'temperature', 'météo', 'température'],
    aliases: [],
    kind: 'route',
    operation: 'weather.current',
    takesFreeText: false,
    toQuestion: askWeather,
  },
];

function askCountries({ reading, query, isNamed }: CategoryContext): CategoryQuestion {
  const { thing } = reading ?? {};
  if (thing?.type === 'country') {
    return { operation: 'countries.get', args: { country: thing.value, fact: reading?.fact } };
  }
  if (!reading && (isNamed || isNameLike(query))) {
    return { operation: 'countries.list', args: { text: query.normalised } };
  }
  return isNamed && thing
    ? { operation: 'countries.list', args: { text: thing.text } }
    : notApplicable('no_country_named');
}

function askDictionary({ reading, query, language }: CategoryContext): CategoryQuestion {
  const ask = (word: string, of: string): CategoryQuestion =>
    [...word].length > 60
      ? notApplicable('not_a_word')
      : { operation: 'knowledge.define', args: { word, language: of } };
  if (reading?.kind === 'definition') return ask(reading.thing.text, reading.language ?? language);
  if (reading && reading.rule !== 'any.name-alone') return notApplicable('no_word_named');
  return query.tokens.length > 0 && query.tokens.length <= maxFreeWords
    ? ask(query.normalised, language)
    : notApplicable('not_a_word');
}

function askGeocoding({ reading, query, isNamed }: CategoryContext): CategoryQuestion {
  if (reading && reading.thing.type !== 'word') {
    return reading.kind === 'time' && isZone(reading.thing.text)
      ? notApplicable('no_place_named')
      : askPlace('geocoding.forward', nameOfPlace(reading));
  }
  if (!reading && (isNamed || isNameLike(query))) return askPlace('geocoding.forward', query.normalised);
  return notApplicable('no_place_named');
}

function askTools({ reading }: CategoryContext): CategoryQuestion {
  const { thing, timezones } = reading ?? {};
  if (!reading || !thing || thing.type === 'word') return notApplicable('no_place_named');
  if (isZone(thing.text)) return { operation: 'time.now', args: { timezone: zoneOf(thing.text) } };
  if (thing.type === 'place') return askPlace('time.now', nameOfPlace(reading));
  const [only, ...others] = timezones ?? [];
  return only !== undefined && others.length === 0
    ? { operation: 'time.now', args: { place: thing.text, timezone: only } }
    : notApplicable('several_time_zones');
}

function askWeather({ reading }: CategoryContext): CategoryQuestion {
  if (!reading || reading.thing.type === 'word') return notApplicable('no_place_named');
  if (reading.thing.type === 'country') return notApplicable('country_named');
  if (reading.isLater) return notApplicable('only_current_weather');
  return askPlace('weather.current', nameOfPlace(reading));
}

function nameOfPlace({ placeName, thing }: Reading): string {
  return placeName ?? thing.text;
}

function askPlace(operation: string, place: string): CategoryQuestion {
  const letters = [...place].length;
  return letters < leastPlaceLetters || letters > mostPlaceLetters
    ? notApplicable('no_place_named')
    : { operation, args: { place } };
}

/** Whether a text is the id of a time zone. Short ids without an area are names of places and countries as well. */
function isZone(text: string): boolean {
  return zoneOf(text) !== undefined;
}

function zoneOf(text: string): string | undefined {
  if (/^(?:utc|gmt)$/i.test(text)) return 'UTC';
  if (!/^[a-z_]+\/[a-z_/+-]+\d*$/i.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined; // Not a zone: what it means is for the geocoders to say.
  }
}

function isNameLike({ tokens }: CategoryContext['query']): boolean {
  return tokens.length > 0 && tokens.length <= maxNameWords && !tokens.some(({ folded }) => notInNames.has(folded));
}
