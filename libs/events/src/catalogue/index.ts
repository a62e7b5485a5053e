import { attemptCompleted } from './attempt-completed.ts';
import { auditRecorded } from './audit-recorded.ts';
import { createCatalogue } from './define-event.ts';
import { ledgerOverrun } from './ledger-overrun.ts';
import { quotaExhausted } from './quota-exhausted.ts';
import { quotaLow } from './quota-low.ts';
import { rateLimitExceeded } from './rate-limit-exceeded.ts';
import { requestCompleted } from './request-completed.ts';
import { searchCompleted } from './search-completed.ts';

export { ledgerOverrun, quotaExhausted, quotaLow, rateLimitExceeded };
export { attemptCompleted, auditRecorded, requestCompleted, searchCompleted };

/** Everything that can happen, and its topic. A new event is one file and one line here; then `npm run generate`. */
export const productEvents = createCatalogue([
  searchCompleted,
  requestCompleted,
  attemptCompleted,
  quotaLow,
  quotaExhausted,
  ledgerOverrun,
  rateLimitExceeded,
  auditRecorded,
]);
