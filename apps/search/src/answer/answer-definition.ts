import type { AnswerLanguage } from './answer-text.ts';
import type { WrittenAnswer } from './written-answer.ts';

const french: Readonly<Record<string, string>> = {
  noun: 'nom',
  verb: 'verbe',
  adjective: 'adjectif',
  adverb: 'adverbe',
  pronoun: 'pronom',
  preposition: 'préposition',
  conjunction: 'conjonction',
};

/** The part of a word that answers are written from. */
export interface AnsweredWord {
  readonly word: string;
  readonly meanings: readonly {
    readonly partOfSpeech: string;
    readonly definitions: readonly { readonly text: string }[];
  }[];
}

/** The first meaning of a word, as the dictionary words it; undefined for a word without one. */
export function answerDefinition(
  { word, meanings }: AnsweredWord,
  language: AnswerLanguage,
): WrittenAnswer | undefined {
  const [meaning] = meanings;
  const gloss = meaning?.definitions[0]?.text;
  if (!meaning || !gloss) return undefined;
  const part = language === 'fr' ? (french[meaning.partOfSpeech] ?? '') : meaning.partOfSpeech;
  const kind = part === '' || part === 'other' ? '' : ` (${part})`;
  return { text: `${word}${kind}${language === 'fr' ? ' :' : ':'} ${gloss}`, value: gloss, unit: '', exact: true };
}
