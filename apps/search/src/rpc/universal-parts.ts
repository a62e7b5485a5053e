import { searchCompleted, type EventPublisher } from '@universal-api/events';
import type { ConfiguredProvider } from '@universal-api/providers-router';
import { createLocalGazetteer } from '../plan/local-gazetteer.ts';
import type { LatencyBook } from '../scatter/latency-book.ts';
import { createLeftoverLimit } from '../scatter/leftover-limit.ts';
import { createRealClock } from '../scatter/real-clock.ts';
import type { SearchParts } from '../search-service.ts';

/** What the process hands in for universal search. */
export interface UniversalHost {
  readonly configured: readonly ConfiguredProvider[];
  /** Told of each answer by the router's attempts. */
  readonly latencies: LatencyBook;
  /** ms since the epoch. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
  /** Takes `search.completed`, to be written with the next batch. */
  readonly publish: EventPublisher['publish'];
}

/** The parts of universal search of one process. */
export function universalParts({
  configured,
  latencies,
  now,
  newId,
  publish,
}: UniversalHost): SearchParts['universal'] {
  return {
    gazetteer: createLocalGazetteer(configured, { now }),
    latencies,
    clock: createRealClock(now),
    leftovers: createLeftoverLimit(),
    newId,
    recordSearch({ data, context: { principal, traceparent, requestId } }) {
      const isTest = principal.mode === 'test';
      const { tid: tenantId } = principal;
      publish(searchCompleted, {
        tenantId,
        subject: data.searchId,
        traceparent,
        correlationId: requestId,
        isTest,
        data,
      });
    },
  };
}
