export { createMetrics, durationBuckets, type Metrics } from './metrics.ts';
export { isTraceparent, newTraceparent, traceIdOf } from './trace-context.ts';
