import { AttemptCompletedSchema } from '@universal-api/protos/gen/uapi/events/v1/telemetry_pb';
import { defineEvent } from './define-event.ts';

/** One attempt at a provider has ended, or a candidate was passed over: failed and hedged ones too. */
export const attemptCompleted = defineEvent({
  name: 'attempt.completed',
  version: 1,
  topic: 'uapi.telemetry.v1',
  messageSchema: AttemptCompletedSchema,
  durability: 'telemetry',
  ordered: false,
  visibility: 'tenant',
  deliverable: false,
  sensitive: false,
  example: {
    callId: '0190b5c2-7a10-7000-8000-00000000000a',
    provider: 'met_norway',
    operation: 'weather.current',
    outcome: 'ok',
    code: '',
    attempt: 2,
    fallbackFrom: 'open_meteo',
    totalUs: 184_200,
  },
});
