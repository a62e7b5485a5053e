import {
  DefineWordRequestSchema,
  type DefineWordResponse,
} from '@universal-api/protos/gen/uapi/search/v1/knowledge_pb';
import { answerDefinition } from '../../answer/answer-definition.ts';
import { answerLanguage } from '../../answer/answer-text.ts';
import type { FoundResult } from '../../fusion/found-result.ts';
import type { FoundItem, SlotOperation } from './slot-operation.ts';
import { throughHandler, type HandlerOf } from './through-handler.ts';

/** The meanings of a word, the first one in words. */
export function wordOperation(handlerOf: HandlerOf): SlotOperation {
  const ask = throughHandler<typeof DefineWordRequestSchema, DefineWordResponse>(
    handlerOf('knowledge.define'),
    DefineWordRequestSchema,
  );
  return {
    coverage: ({ language }) => ({ language }),
    async ask(call) {
      const body = await ask(call, { word: call.args.word, language: call.args.language });
      const written = body && answerDefinition(body, answerLanguage(call.language));
      if (!body || !written) return { results: [], meta: body?.meta };
      const result: FoundResult<FoundItem> = {
        category: 'dictionary',
        type: 'word',
        title: body.word,
        content: written.value,
        url: body.url,
        language: body.language,
        ids: { word: `${body.language}:${body.word}` },
      };
      const typed = { kind: 'definition', ...written, data: { case: 'definition' as const, value: body } };
      return { results: [result], typed, meta: body.meta };
    },
  };
}
