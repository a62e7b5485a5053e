import { readField } from '@universal-api/protos';
import { KnowledgeService } from '@universal-api/protos/gen/uapi/search/v1/knowledge_pb';
import type { KnowledgeOperations } from '@universal-api/providers-spec';
import { categoryRow } from '../category-row.ts';
import { readLanguage } from '../language.ts';
import { readText } from '../read-text.ts';
import { routedOperation } from '../routed-operation.ts';

const { defineWord } = KnowledgeService.method;

const defineOperation = routedOperation<KnowledgeOperations, 'knowledge.define'>('knowledge.define', defineWord, {
  toKey: ({ word }) => [word],
  toCoverage: ({ language }) => ({ language }),
});

/** The methods of `KnowledgeService`. */
export const knowledgeRows = {
  defineWord: categoryRow({
    method: defineWord,
    operation: defineOperation,
    toLanguage: (request) => readLanguage(readField(request, 'language')),
    toQuestion: (request, _call, language) => ({ word: readText('word', readField(request, 'word'), 1), language }),
    toBody: ({ phonetics, meanings, ...word }) => ({
      ...word,
      phonetics: phonetics.map((phonetic) => ({ ...phonetic })),
      meanings: meanings.map(({ partOfSpeech, definitions }) => ({
        partOfSpeech,
        definitions: definitions.map((definition) => ({
          ...definition,
          synonyms: [...definition.synonyms],
          antonyms: [...definition.antonyms],
        })),
      })),
    }),
  }),
};
