import {
  GetCurrentWeatherRequestSchema,
  type GetCurrentWeatherResponse,
} from '@universal-api/protos/gen/uapi/search/v1/weather_pb';
import { answerLanguage } from '../../answer/answer-text.ts';
import { answerWeather } from '../../answer/answer-weather.ts';
import type { SlotOperation } from './slot-operation.ts';
import { throughHandler, type HandlerOf } from './through-handler.ts';

/** The weather at a place now; typed alone, since there is nothing to list. */
export function weatherOperation(handlerOf: HandlerOf): SlotOperation {
  const ask = throughHandler<typeof GetCurrentWeatherRequestSchema, GetCurrentWeatherResponse>(
    handlerOf('weather.current'),
    GetCurrentWeatherRequestSchema,
  );
  return {
    async ask(call) {
      const { place } = call.args;
      const body = await ask(call, { place });
      if (!body) return { results: [] };
      const written = answerWeather(body, body.location?.label ?? place ?? '', answerLanguage(call.language));
      const typed = { kind: 'weather', ...written, data: { case: 'weather' as const, value: body } };
      return { results: [], typed, meta: body.meta };
    },
  };
}
