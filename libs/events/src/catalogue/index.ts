import { attemptCompleted } from './attempt-completed.ts';
import { createCatalogue } from './define-event.ts';
import { requestCompleted } from './request-completed.ts';
import { searchCompleted } from './search-completed.ts';

export { attemptCompleted, requestCompleted, searchCompleted };

/** Everything that can happen, and its topic. A new event is one file and one line here; then `npm run generate`. */
export const productEvents = createCatalogue([searchCompleted, requestCompleted, attemptCompleted]);
