import { describe, expect, test } from '@jest/globals';
import { createMetrics } from '@universal-api/telemetry';
import { createEventMetrics } from './event-metrics.ts';

describe('the metrics of events', () => {
  const create = () => {
    const metrics = createMetrics({ version: 'test' });
    const valueOf = async (name: string) =>
      (await metrics.expose()).text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1];
    return { events: createEventMetrics(metrics), valueOf };
  };

  test('of groups say lag, duplicates, the horizon and dead letters by reason', async () => {
    const { events, valueOf } = create();
    const group = 'webhook.fanout';
    events.onGroup({ kind: 'poll', group, read: 5, duplicates: 2, lagMs: 1_500, horizonAgeMs: 250 });
    events.onGroup({ kind: 'poll', group, read: 5, duplicates: 1, lagMs: 500 });
    events.onGroup({ kind: 'dead_letter', group, reason: 'not_json', error: undefined });
    events.onGroup({ kind: 'failed', group, error: undefined, isStorage: true });
    expect(await valueOf(`uapi_events_log_lag_seconds{group="${group}"}`)).toBe('0.5');
    expect(await valueOf('uapi_events_horizon_age_seconds')).toBe('0.25');
    expect(await valueOf(`uapi_events_inbox_duplicates_total{consumer="${group}"}`)).toBe('3');
    expect(await valueOf('uapi_events_dead_letters_total{reason="not_json"}')).toBe('1');
    expect(await valueOf('uapi_events_dead_letters_total{reason="too_old"}')).toBe('0');
  });

  test('of the relay say what was sent and how old the waiting is, and nothing any more once another leads', async () => {
    const { events, valueOf } = create();
    events.onRelay({ kind: 'leads', isLeader: true });
    events.onRelay({ kind: 'sent', count: 500, lagMs: 40, horizonAgeMs: 0 });
    expect(await valueOf('uapi_events_relay_sent_total')).toBe('500');
    expect(await valueOf('uapi_events_relay_lag_seconds')).toBe('0.04');
    events.onRelay({ kind: 'failed', error: undefined, lagMs: 61_000, waitMs: 300 });
    expect(await valueOf('uapi_events_relay_lag_seconds')).toBe('61');
    events.onRelay({ kind: 'leads', isLeader: false });
    expect(await valueOf('uapi_events_relay_lag_seconds')).toBe('0');
  });
});
