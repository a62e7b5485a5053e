import type { Metrics } from '@universal-api/telemetry';
import type { OnFinishedRequest } from '../http/middleware/record-request.ts';
import type { Strain } from './watch-strain.ts';

/** Counts and times each request by route, verb and outcome; never by caller. */
export function observeRequests(metrics: Metrics, strain: Strain): OnFinishedRequest {
  const seconds = metrics.duration('uapi_http_request_seconds', 'Time to answer a request.', ['route', 'method']);
  const total = metrics.counter('uapi_http_requests_total', 'Requests answered.', [
    'route',
    'method',
    'status',
    'code',
  ]);
  const delay = metrics.gauge('uapi_loop_delay_seconds', 'Event loop delay, 99th percentile of the last second.');
  return ({ route, verb, status, code, ms }) => {
    seconds.observe({ route, method: verb }, ms / 1000);
    total.inc({ route, method: verb, status: String(status), code });
    delay.set(strain.loopDelayS());
  };
}
