import { describe, expect, test } from '@jest/globals';
import { attemptCompleted, toPayloadJson, type EventPublisher } from '@universal-api/events';
import { publishAttempts } from './publish-attempts.ts';

const origin = { callId: 'call', tenantId: '00000000-0000-0000-0000-000000000001', isTest: true, plan: 'free' };

function collect() {
  const events: unknown[] = [];
  const publish: EventPublisher['publish'] = (type, { data, ...event }) => {
    expect(type).toBe(attemptCompleted);
    events.push({ ...event, data: toPayloadJson(type, data) });
    return true;
  };
  return { events, onAttempt: publishAttempts({ publish }) };
}

describe('attempt.completed', () => {
  test('has call, tenant, place in the chain and who failed before', () => {
    const { events, onAttempt } = collect();
    onAttempt(
      'weather.current',
      { provider: 'b', outcome: 'failed', ms: 12, code: 'timeout' },
      {
        place: 2,
        fallbackFrom: 'a',
        totalUs: 12_345,
        origin,
      },
    );
    expect(events).toEqual([
      {
        tenantId: origin.tenantId,
        isTest: true,
        data: {
          call_id: 'call',
          provider: 'b',
          operation: 'weather.current',
          outcome: 'failed',
          code: 'timeout',
          attempt: 2,
          fallback_from: 'a',
          total_us: 12_345,
        },
      },
    ]);
  });

  test('is not written of questions that belong to no call', () => {
    const { events, onAttempt } = collect();
    onAttempt('x.y', { provider: 'a', outcome: 'ok', ms: 0, code: '' }, { place: 1, totalUs: 3 });
    expect(events).toEqual([]);
  });
});
