import type { ProviderEntry } from '@universal-api/providers-spec';
import { createLocalDictionaryProvider } from './local-dictionary/local-dictionary-provider.ts';
import { manifest as localDictionary } from './local-dictionary/manifest.ts';

/** Every provider of the category, in the order of its chains. */
export const knowledgeProviders: readonly ProviderEntry[] = [
  { manifest: localDictionary, create: () => createLocalDictionaryProvider() },
];
