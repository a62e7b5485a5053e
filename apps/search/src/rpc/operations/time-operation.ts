import { GetTimeRequestSchema, type GetTimeResponse } from '@universal-api/protos/gen/uapi/search/v1/time_pb';
import {
  ForwardGeocodeRequestSchema,
  type ForwardGeocodeResponse,
} from '@universal-api/protos/gen/uapi/search/v1/geocoding_pb';
import { answerLanguage } from '../../answer/answer-text.ts';
import { answerTime } from '../../answer/answer-time.ts';
import type { SlotCall, SlotOperation } from './slot-operation.ts';
import { throughHandler, type HandlerOf } from './through-handler.ts';

/**
 * The time in a zone, or at a place; typed alone, since there is nothing to list. It is told of the place that was found:
 * where only cities are known, "California" is a town in Maryland.
 */
export function timeOperation(handlerOf: HandlerOf): SlotOperation {
  const ask = throughHandler<typeof GetTimeRequestSchema, GetTimeResponse>(handlerOf('time.now'), GetTimeRequestSchema);
  const find = throughHandler<typeof ForwardGeocodeRequestSchema, ForwardGeocodeResponse>(
    handlerOf('geocoding.forward'),
    ForwardGeocodeRequestSchema,
  );

  /** What the place of an answer is called. It was looked up for the answer just now, so that this comes from the cache. */
  async function labelOf(call: SlotCall, address: string): Promise<string> {
    const { language, routing } = call;
    const wishes = routing && { ...routing, only: [], order: [] };
    // The time is known by now: a name that cannot be had is no reason to lose it.
    const body = await find({ ...call, routing: wishes }, { address, limit: 1, language }).catch(() => undefined);
    return body?.results[0]?.label ?? address;
  }

  return {
    async ask(call) {
      const { timezone, place } = call.args;
      const body = await ask(call, timezone === undefined ? { place } : { timezone });
      if (!body) return { results: [] };
      const isLookedUp = timezone === undefined && place !== undefined;
      const name = isLookedUp ? await labelOf(call, place) : (place ?? body.timezone);
      const written = answerTime(body, name, answerLanguage(call.language));
      if (!written) return { results: [], meta: body.meta };
      return { results: [], typed: { kind: 'time', ...written, data: { case: 'time', value: body } }, meta: body.meta };
    },
  };
}
