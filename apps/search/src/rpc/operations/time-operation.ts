import { GetTimeRequestSchema, type GetTimeResponse } from '@universal-api/protos/gen/uapi/search/v1/time_pb';
import { answerLanguage } from '../../answer/answer-text.ts';
import { answerTime } from '../../answer/answer-time.ts';
import type { SlotOperation } from './slot-operation.ts';
import { throughHandler, type HandlerOf } from './through-handler.ts';

/** The time in a zone, or at a place; typed alone, since there is nothing to list. */
export function timeOperation(handlerOf: HandlerOf): SlotOperation {
  const ask = throughHandler<typeof GetTimeRequestSchema, GetTimeResponse>(handlerOf('time.now'), GetTimeRequestSchema);
  return {
    async ask(call) {
      const { timezone, place } = call.args;
      const body = await ask(call, timezone === undefined ? { place } : { timezone });
      const written = body && answerTime(body, place ?? body.timezone, answerLanguage(call.language));
      if (!body || !written) return { results: [], meta: body?.meta };
      return { results: [], typed: { kind: 'time', ...written, data: { case: 'time', value: body } }, meta: body.meta };
    },
  };
}
