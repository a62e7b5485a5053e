import { QuotaLowSchema } from '@universal-api/protos/gen/uapi/events/v1/limits_pb';
import { defineEvent } from './define-event.ts';

/** At most 20 or 5 per cent of a long quota or a budget is left; each told once in a period. */
export const quotaLow = defineEvent({
  name: 'quota.low',
  version: 1,
  topic: 'uapi.auth.v1',
  messageSchema: QuotaLowSchema,
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
    spent: '800',
    remainingPct: 20,
    resetsAt: '2026-11-25T00:00:00Z',
  },
});
