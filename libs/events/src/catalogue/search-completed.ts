import { SearchCompletedSchema } from '@universal-api/protos/gen/uapi/events/v1/search_pb';
import { defineEvent } from './define-event.ts';

/**
 * A universal search was answered: what it was taken for, where it looked, how much of the plan answered. Nothing of the
 * query's text. Buffered: as long as runs are not recorded there is no change that it could be atomic with.
 */
export const searchCompleted = defineEvent({
  name: 'search.completed',
  version: 1,
  topic: 'uapi.search.v1',
  messageSchema: SearchCompletedSchema,
  durability: 'buffered',
  ordered: false,
  visibility: 'tenant',
  deliverable: true,
  sensitive: false,
  example: {
    searchId: 'srch_0190b5c2-7a10-7000-8000-00000000000a',
    intent: 'definition',
    categories: ['knowledge'],
    counts: { knowledge: 1 },
    completeness: 1,
    degraded: [],
    ms: 42,
  },
});
