/** Parts of speech in the order of the compiled data: the position is what a record holds. */
export const partsOfSpeech = ['noun', 'verb', 'adjective', 'adverb'] as const;

/** One of the four parts of speech that WordNet has. */
export type PartOfSpeech = (typeof partsOfSpeech)[number];

/** A word as it is compiled; parts and their meanings most usual first. */
export interface WordRecord {
  /** As written: `Paris`, `ice cream`. */
  readonly word: string;
  readonly parts: readonly (readonly [
    part: number,
    /** How often the word was met as this part of speech in tagged texts. */
    uses: number,
    meanings: readonly (readonly [
      text: string,
      /** Empty: there is none. */
      example: string,
      synonyms: readonly string[],
      antonyms: readonly string[],
    ])[],
  ])[];
}
