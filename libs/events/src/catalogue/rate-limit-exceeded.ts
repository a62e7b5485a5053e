import { RateLimitExceededSchema } from '@universal-api/protos/gen/uapi/events/v1/limits_pb';
import { defineEvent } from './define-event.ts';

/** A rate policy refused calls of a key: one event per policy, key and 5 minutes. Derived from `request.completed`. */
export const rateLimitExceeded = defineEvent({
  name: 'rate_limit.exceeded',
  version: 1,
  topic: 'uapi.auth.v1',
  messageSchema: RateLimitExceededSchema,
  durability: 'tx',
  ordered: false,
  visibility: 'tenant',
  deliverable: true,
  sensitive: false,
  example: {
    policy: 'lookup-min',
    keyId: '0190b5c2-7a10-7000-8000-00000000000b',
    windowS: 60,
    limit: 100,
    refused: 3,
    firstAt: '2026-11-24T10:15:02Z',
    lastAt: '2026-11-24T10:15:04Z',
  },
});
