import { ProviderFailure } from '@universal-api/providers-kit';
import { onFirstUse } from '@universal-api/providers-kit/local/on-first-use';
import type { KnowledgeOperations, ProviderManifest } from '@universal-api/providers-spec';
import { defineWord } from './define-word.ts';
import { loadDictionary } from './load-dictionary.ts';
import { manifest } from './manifest.ts';

/** The dictionary as a provider. */
export interface LocalDictionaryProvider {
  readonly manifest: ProviderManifest;
  readonly operations: Required<KnowledgeOperations>;
}

const compiled = new URL('../../gen/dictionary.bin', import.meta.url);

/**
 * English words, from compiled data of which the index is read on first use.
 *
 * In:     a word or phrase in any case and form ("ran", "geese", "ice_cream").
 * Out:    `word` is the base form; parts of speech and meanings most usual first; no pronunciation, no etymology.
 * Errors: `not_found` for an unknown word; `retry_elsewhere` if the data is not compiled.
 * Source: WordNet 3.1, Princeton University.
 */
export function createLocalDictionaryProvider(file: URL = compiled): LocalDictionaryProvider {
  const dictionary = onFirstUse(manifest.id, () => loadDictionary(file));
  return {
    manifest,
    operations: {
      async 'knowledge.define'({ word }) {
        const definition = await defineWord(await dictionary(), word);
        if (definition) return definition;
        throw new ProviderFailure({ provider: manifest.id, failure: 'not_found', internal: 'no such word' });
      },
    },
  };
}
