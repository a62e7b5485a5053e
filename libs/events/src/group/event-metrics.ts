import type { Metrics } from '@universal-api/telemetry';
import { deadLetterReasons } from '../dead-letter.ts';
import type { RelayReport } from '../kafka/relay/relay-report.ts';
import type { GroupReport } from './group-report.ts';

/** Functions to hand to the buses and the relay of a process; each keeps the metrics of `webhooks.md` 18 for what it is told. */
export interface EventMetrics {
  onGroup(report: GroupReport): void;
  onRelay(report: RelayReport): void;
}

/** Registers the metrics of groups and relay. Labels are groups and reasons, both closed sets. */
export function createEventMetrics(metrics: Metrics): EventMetrics {
  const logLag = metrics.gauge('uapi_events_log_lag_seconds', 'From the append of an event to its reading.', ['group']);
  const horizonAge = metrics.gauge(
    'uapi_events_horizon_age_seconds',
    'How long one transaction has held up every reader of the log.',
  );
  const duplicates = metrics.counter('uapi_events_inbox_duplicates_total', 'Events that came again.', ['consumer']);
  const deadLetters = metrics.counter('uapi_events_dead_letters_total', 'Records that were set aside.', ['reason']);
  const relayLag = metrics.gauge('uapi_events_relay_lag_seconds', 'Age of what the relay is working on.');
  const sent = metrics.counter('uapi_events_relay_sent_total', 'Events that Kafka has acknowledged.');
  for (const reason of deadLetterReasons) deadLetters.inc({ reason }, 0);
  sent.inc(0);
  const toldHorizon = (ms: number | undefined) => {
    if (ms !== undefined) horizonAge.set(ms / 1_000);
  };
  return {
    onGroup(report) {
      if (report.kind === 'dead_letter') deadLetters.inc({ reason: report.reason });
      if (report.kind !== 'poll') return;
      logLag.set({ group: report.group }, report.lagMs / 1_000);
      duplicates.inc({ consumer: report.group }, report.duplicates);
      toldHorizon(report.horizonAgeMs);
    },
    onRelay(report) {
      if (report.kind === 'sent') sent.inc(report.count);
      if (report.kind === 'leads' && !report.isLeader) relayLag.set(0);
      if ('lagMs' in report) relayLag.set(report.lagMs / 1_000);
      if ('horizonAgeMs' in report) toldHorizon(report.horizonAgeMs);
    },
  };
}
