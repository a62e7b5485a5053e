import type { WordDefinition } from '@universal-api/providers-spec';
import { findBaseForms } from './base-forms.ts';
import { auxiliaryOf, isFunctionWord } from './function-words.ts';
import type { Dictionary } from './load-dictionary.ts';
import { partsOfSpeech, type WordRecord } from './word-record.ts';

/**
 * What a word means, or undefined if neither it nor a base form of it is in the dictionary.
 * The word itself wins over a base form ("saw" is the tool before it is a form of "see"); of several base forms the most
 * used one is taken. A function word is not the abbreviation that is spelled like it, unless it is written as that one is:
 * "us" is undefined, "US" is the country; "are" is a form of "be".
 */
export async function defineWord(dictionary: Dictionary, text: string): Promise<WordDefinition | undefined> {
  const written = text.trim();
  const lower = written.toLowerCase();
  const auxiliary = auxiliaryOf(lower);
  if (auxiliary !== undefined || isFunctionWord(lower)) {
    const own = dictionary.has(lower) ? await dictionary.read(lower) : undefined;
    if (own && written !== lower && (written === own.word || written === written.toUpperCase()))
      return toDefinition(own);
    return auxiliary === undefined ? undefined : toDefinition(await dictionary.read(auxiliary));
  }
  for (const name of spellings(text)) {
    if (dictionary.has(name)) return toDefinition(await dictionary.read(name));
    const base = await mostUsedBase(dictionary, name);
    if (base) return toDefinition(base);
  }
  return undefined;
}

/** Ways in which the same word may stand in the dictionary, most faithful first. */
function spellings(text: string): string[] {
  const name = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[’ʼ`]/g, "'")
    .replace(/[\s_]+/g, ' ')
    .trim();
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '');
  const hyphens = [name, plain].flatMap((way) => [way, way.replaceAll('-', ' '), way.replaceAll('-', '')]);
  return [...new Set([...hyphens, plain.replaceAll(' ', '-'), plain.replaceAll(' ', '')])].filter((way) => way !== '');
}

async function mostUsedBase(dictionary: Dictionary, name: string): Promise<WordRecord | undefined> {
  const found = await Promise.all(
    findBaseForms(dictionary, name).map(async ({ name: base, part }) => {
      const record = await dictionary.read(base);
      const uses = record.parts.find(([index]) => partsOfSpeech[index] === part)?.[1] ?? 0;
      return { record, uses };
    }),
  );
  return found.sort((one, other) => other.uses - one.uses)[0]?.record;
}

function toDefinition({ word, parts }: WordRecord): WordDefinition {
  return {
    word,
    language: 'en',
    phonetics: [],
    meanings: parts.map(([part, , meanings]) => ({
      partOfSpeech: partsOfSpeech[part] ?? 'other',
      definitions: meanings.map(([text, example, synonyms, antonyms]) => ({
        text,
        ...(example === '' ? {} : { example }),
        synonyms,
        antonyms,
      })),
    })),
  };
}
