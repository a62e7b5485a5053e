import { openLocalData } from '@universal-api/providers-kit/local/local-data-file';
import { openNames } from '@universal-api/providers-kit/local/sorted-names';
import { partsOfSpeech, type PartOfSpeech, type WordRecord } from './word-record.ts';

/** Irregular forms by part of speech, each with the base forms it may come from. */
export type IrregularForms = Readonly<Record<PartOfSpeech, Readonly<Record<string, readonly string[]>>>>;

/** The compiled dictionary: an index in memory (about 4 MB), meanings read from the file when asked. */
export interface Dictionary {
  readonly irregular: IrregularForms;
  /** Whether a word (lower case, single spaces) is in it, as that part of speech if one is given. */
  has(name: string, part?: PartOfSpeech): boolean;
  /** A word that it has. */
  read(name: string): Promise<WordRecord>;
}

/** Opens the compiled file, which stays open: each look-up reads one record of it. */
export function loadDictionary(file: URL): Dictionary {
  const data = openLocalData(file);
  const names = openNames(data.bytes('names'), data.bytes('nameOffsets'));
  const parts = new Uint8Array(data.bytes('parts'));
  const recordOffsets = new Uint32Array(data.bytes('recordOffsets'));
  const find = (name: string) => {
    const position = names.firstFrom(name);
    return position < names.size && names.at(position) === name ? position : undefined;
  };
  return {
    irregular: JSON.parse(Buffer.from(data.bytes('irregular')).toString()) as IrregularForms,
    has(name, part) {
      const position = find(name);
      if (position === undefined) return false;
      return part === undefined || ((parts[position] ?? 0) & (1 << partsOfSpeech.indexOf(part))) !== 0;
    },
    async read(name) {
      const position = find(name);
      if (position === undefined) throw new RangeError('the dictionary has no such word');
      const start = recordOffsets[position] ?? 0;
      const record = await data.part('records', start, (recordOffsets[position + 1] ?? 0) - start);
      return JSON.parse(record.toString()) as WordRecord;
    },
  };
}
