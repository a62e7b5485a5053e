import { QuotaExhaustedSchema } from '@universal-api/protos/gen/uapi/events/v1/limits_pb';
import { defineEvent } from './define-event.ts';

/** A long quota or a budget is used up, or has less left than a call needs; told once in a period. */
export const quotaExhausted = defineEvent({
  name: 'quota.exhausted',
  version: 1,
  topic: 'uapi.auth.v1',
  messageSchema: QuotaExhaustedSchema,
  durability: 'tx',
  ordered: false,
  visibility: 'tenant',
  deliverable: true,
  sensitive: false,
  example: {
    scope: 'tenant',
    accountId: '0190b5c2-7a10-7000-8000-00000000000c',
    unit: 'calls',
    period: 'day',
    limit: '1000',
    spent: '1000',
    remainingPct: 0,
    resetsAt: '2026-11-25T00:00:00Z',
  },
});
