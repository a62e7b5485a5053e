import type { Dictionary } from './load-dictionary.ts';
import { partsOfSpeech, type PartOfSpeech } from './word-record.ts';

type Ending = readonly [ending: string, replacement: string];

/** Endings of regular forms. Source: morphy(7WN), with those that WordNet lists as exceptions one by one. */
const endings: Readonly<Record<PartOfSpeech, readonly Ending[]>> = {
  noun: [
    ['s', ''],
    ['ses', 's'],
    ['xes', 'x'],
    ['zes', 'z'],
    ['ches', 'ch'],
    ['shes', 'sh'],
    ['men', 'man'],
    ['ies', 'y'],
    ['oes', 'o'],
    ['ves', 'f'],
    ['ves', 'fe'],
    ['ices', 'ix'],
    ['ices', 'ex'],
    ['es', 'is'],
    ['i', 'us'],
    ['ae', 'a'],
    ['a', 'um'],
    ['a', 'on'],
    ["'s", ''],
    ["s'", 's'],
  ],
  verb: [
    ['s', ''],
    ['ies', 'y'],
    ['es', 'e'],
    ['es', ''],
    ['ed', 'e'],
    ['ed', ''],
    ['ied', 'y'],
    ['ing', 'e'],
    ['ing', ''],
    ['ying', 'ie'],
  ],
  adjective: [
    ['er', ''],
    ['est', ''],
    ['er', 'e'],
    ['est', 'e'],
    ['ier', 'y'],
    ['iest', 'y'],
  ],
  adverb: [
    ['ier', 'y'],
    ['iest', 'y'],
  ],
};
/** A consonant that is written twice before these endings: planned, bigger. */
const doubled = /([bdfgklmnprtvz])\1(?:ed|ing|er|est)$/;

/** A base form and what it is the base of. */
export interface BaseForm {
  readonly name: string;
  readonly part: PartOfSpeech;
}

/**
 * Base forms of an inflected word that the dictionary has, each under the part of speech whose rule gave it.
 * Of several words the first is inflected if they are a verb ("looked up"), else the last ("ice creams").
 * In: lower case, single spaces.
 */
export function findBaseForms(dictionary: Dictionary, name: string): BaseForm[] {
  const found = partsOfSpeech.flatMap((part) =>
    candidates(dictionary, name, part)
      .filter((base) => base !== name && dictionary.has(base, part))
      .map((base) => ({ name: base, part })),
  );
  return found.filter(({ name: base, part }, index) => {
    return found.findIndex((other) => other.name === base && other.part === part) === index;
  });
}

function candidates(dictionary: Dictionary, name: string, part: PartOfSpeech): string[] {
  const whole = ofOneWord(dictionary, name, part);
  const words = name.split(' ');
  if (words.length === 1) return whole;
  const inflected = part === 'verb' ? 0 : words.length - 1;
  const bases = ofOneWord(dictionary, words[inflected] ?? '', part);
  return [...whole, ...bases.map((base) => words.with(inflected, base).join(' '))];
}

function ofOneWord(dictionary: Dictionary, word: string, part: PartOfSpeech): string[] {
  const irregular = dictionary.irregular[part];
  const listed = Object.hasOwn(irregular, word) ? (irregular[word] ?? []) : [];
  // What stays must be a word and no stump.
  const regular = endings[part]
    .filter(([ending]) => word.endsWith(ending) && word.length > ending.length + 1)
    .map(([ending, replacement]) => word.slice(0, -ending.length) + replacement);
  const single = part === 'verb' || part === 'adjective' ? word.replace(doubled, '$1') : word;
  return [...listed, ...regular, ...(single === word ? [] : [single])];
}
