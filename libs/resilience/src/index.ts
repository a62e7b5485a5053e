export { createBreaker, type Breaker, type BreakerOutcome, type BreakerParts, type BreakerVerdict } from './breaker.ts';
export { BreakerOpen } from './breaker-open.ts';
export { BulkheadFull, createBulkhead, providerBulkhead, type Bulkhead, type BulkheadLimits } from './bulkhead.ts';
export type { Clock } from './clock.ts';
export { createSingleFlight, type SingleFlight } from './single-flight.ts';
export type { BreakerState } from './breaker-circuit.ts';
