import type { ProviderOperation } from './provider.ts';

/** One meaning under a part of speech. */
export interface Definition {
  readonly text: string;
  readonly example?: string;
  readonly synonyms: readonly string[];
  readonly antonyms: readonly string[];
}

/** Answer of `knowledge.define`. */
export interface WordDefinition {
  /** The base form that was found. */
  readonly word: string;
  readonly language: string;
  readonly phonetics: readonly { readonly text?: string; readonly audioUrl?: string }[];
  readonly meanings: readonly {
    readonly partOfSpeech:
      'noun' | 'verb' | 'adjective' | 'adverb' | 'pronoun' | 'preposition' | 'conjunction' | 'interjection' | 'other';
    readonly definitions: readonly Definition[];
  }[];
  readonly etymology?: string;
  readonly url?: string;
}

/** The operations of the category. An unknown word is the failure `not_found`. */
export interface KnowledgeOperations {
  readonly 'knowledge.define'?: ProviderOperation<{ readonly word: string; readonly language: string }, WordDefinition>;
}
