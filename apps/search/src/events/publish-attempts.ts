import { attemptCompleted, type EventPublisher } from '@universal-api/events';
import type { RouterParts } from '@universal-api/providers-router';

/** Told of each attempt, as a router does. */
export type OnAttempt = NonNullable<RouterParts['onAttempt']>;

/** Writes `attempt.completed` for each attempt, and each candidate that was passed over, of a call that says whose it is. */
export function publishAttempts(publisher: Pick<EventPublisher, 'publish'>): OnAttempt {
  return (operation, { provider, outcome, code }, { place, fallbackFrom, totalUs, origin, traceparent }) => {
    if (!origin) return;
    const { callId, tenantId, isTest } = origin;
    publisher.publish(attemptCompleted, {
      tenantId,
      traceparent,
      isTest,
      data: { callId, provider, operation, outcome, code, attempt: place, fallbackFrom, totalUs },
    });
  };
}
