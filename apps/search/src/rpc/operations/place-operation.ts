import {
  ForwardGeocodeRequestSchema,
  type ForwardGeocodeResponse,
} from '@universal-api/protos/gen/uapi/search/v1/geocoding_pb';
import { foldName } from '@universal-api/providers-kit/local/fold-name';
import { answerPlace } from '../../answer/answer-place.ts';
import type { FoundResult } from '../../fusion/found-result.ts';
import type { FoundItem, SlotOperation } from './slot-operation.ts';
import { throughHandler, type HandlerOf } from './through-handler.ts';

/** Places of a name, and where the best one is in words. */
export function placeOperation(handlerOf: HandlerOf): SlotOperation {
  const ask = throughHandler<typeof ForwardGeocodeRequestSchema, ForwardGeocodeResponse>(
    handlerOf('geocoding.forward'),
    ForwardGeocodeRequestSchema,
  );
  return {
    async ask(call) {
      const { limit, language } = call;
      const body = await ask(call, { address: call.args.place, limit, language });
      const [best] = body?.results ?? [];
      if (!body || !best) return { results: [], meta: body?.meta };
      const typed = { kind: 'place', ...answerPlace(best), data: { case: 'place' as const, value: body } };
      return { results: body.results.map(toResult), typed, meta: body.meta };
    },
  };
}

function toResult(place: ForwardGeocodeResponse['results'][number]): FoundResult<FoundItem> {
  const { name, label, lat, lon } = place;
  return {
    category: 'geocoding',
    type: 'place',
    title: name,
    content: label,
    // Ids of places are each provider's own; name and point within a kilometre are the world's.
    ids: { place: `${foldName(name)}@${lat.toFixed(2)},${lon.toFixed(2)}` },
    item: { case: 'place', value: place },
  };
}
