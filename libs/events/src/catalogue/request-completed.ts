import { RequestCompletedSchema } from '@universal-api/protos/gen/uapi/events/v1/telemetry_pb';
import { defineEvent } from './define-event.ts';

/** A call of the API has ended, refused ones included. The route is a template: never a path, an address, a body, a query. */
export const requestCompleted = defineEvent({
  name: 'request.completed',
  version: 1,
  topic: 'uapi.telemetry.v1',
  messageSchema: RequestCompletedSchema,
  durability: 'telemetry',
  ordered: false,
  visibility: 'tenant',
  deliverable: false,
  sensitive: false,
  example: {
    callId: '0190b5c2-7a10-7000-8000-00000000000a',
    keyLineage: '0190b5c2-7a10-7000-8000-00000000000b',
    route: '/countries/{code}',
    method: 'GET',
    status: 200,
    outcome: 'ok',
    code: '',
    operation: 'countries.get',
    provider: 'local_countries',
    cached: false,
    totalUs: 1_830,
    violatedPolicies: [],
    requestId: '0190b5c2-7a10-7000-8000-00000000000e',
    refusals: [],
  },
});
