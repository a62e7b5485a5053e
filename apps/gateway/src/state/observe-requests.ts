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
  strain.onLook((loopDelayS) => delay.set(loopDelayS));
  // The label sets are few and closed; finding one's series again costs more than counting in it.
  const series = new Map<string, { inc(): void; observe(seconds: number): void }>();
  return ({ route, verb, status, code, ms }) => {
    const name = `${route} ${verb} ${status} ${code}`;
    let own = series.get(name);
    if (!own) {
      const count = total.labels({ route, method: verb, status: String(status), code });
      const time = seconds.labels({ route, method: verb });
      own = { inc: () => count.inc(), observe: (value) => time.observe(value) };
      series.set(name, own);
    }
    own.inc();
    own.observe(ms / 1000);
  };
}
