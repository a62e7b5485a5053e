import { afterEach, describe, expect, test } from '@jest/globals';
import { requestCompleted, toPayloadJson, type EventPublisher } from '@universal-api/events';
import { defaultTenantId, systemTenantId } from '@universal-api/ids';
import { goodKey, startTestGateway, type TestGateway, type TestGatewayOptions } from '../../test/start-test-gateway.ts';
import { publishRequests } from './publish-requests.ts';

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The events of these requests, as they would be written. */
async function eventsOf(
  ask: (gateway: TestGateway) => readonly (readonly [path: string, init?: RequestInit])[],
  options?: TestGatewayOptions,
) {
  const started = (gateway = await startTestGateway(options));
  const requests = ask(started);
  for (const [path, init] of requests) await (await started.fetch(path, init)).arrayBuffer();
  while (started.finished.length < requests.length) await new Promise(setImmediate);
  const events: { tenantId: string; correlationId?: string; traceparent?: string; data: Record<string, unknown> }[] =
    [];
  const publish: EventPublisher['publish'] = (type, { data, ...event }) => {
    expect(type).toBe(requestCompleted);
    events.push({ ...event, data: toPayloadJson(type, data) });
    return true;
  };
  started.finished.forEach(publishRequests({ publish }));
  return events;
}

describe('request.completed', () => {
  test('tells of a call with its template, caller and ids, never with its path', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const [event] = await eventsOf(({ key }) => [
      [
        '/api/v1/testing/things/secret-name',
        { headers: { authorization: `Bearer ${key}`, 'x-request-id': 'my-request', traceparent } },
      ],
    ]);
    expect(event).toMatchObject({ tenantId: goodKey.tenantId, correlationId: 'my-request', traceparent });
    expect(event?.data).toEqual({
      call_id: expect.stringMatching(uuid),
      key_lineage: goodKey.lineageId,
      route: '/testing/things/{id}',
      method: 'GET',
      status: 200,
      outcome: 'ok',
      code: '',
      operation: 'testing.get',
      total_us: expect.any(Number),
      violated_policies: [],
      refusals: [],
      request_id: 'my-request',
      provider: 'shelf',
      cached: false,
    });
    expect(JSON.stringify(event)).not.toContain('secret-name');
    expect(event?.data['total_us']).toBeGreaterThan(0);
  });

  test('tells an answer that is less than was asked, and one without provenance', async () => {
    const events = await eventsOf(() => [['/api/v1/testing/things/poor'], ['/api/v1/testing/names']]);
    expect(events.map(({ data }) => [data['outcome'], data['provider']])).toEqual([
      ['degraded', 'shelf'],
      ['ok', undefined],
    ]);
  });

  test('has the call id that the service got', async () => {
    const started = (gateway = await startTestGateway());
    const answer = await started.fetch('/api/v1/testing/context', { headers: { 'x-request-id': 'my-request' } });
    const { call_id: callId } = (await answer.json()) as { call_id: string };
    while (started.finished.length < 1) await new Promise(setImmediate);
    expect(started.finished[0]?.call.callId).toBe(callId);
  });

  test('tells of refusals: unknown paths and keys, wrong requests, used-up rates', async () => {
    const wrong = { headers: { authorization: 'Bearer nonsense' } };
    const events = await eventsOf(
      () => [
        ['/api/v1/nowhere'],
        ['/api/v1/testing/things/t1', wrong],
        ['/api/v1/testing/things/missing'],
        ['/api/v1/testing/things/t1'],
      ],
      { rates: { 'ip-min': { q: 1, windowS: 60 } } },
    );
    expect(events.map(({ tenantId, data }) => [tenantId, data['status'], data['outcome'], data['code']])).toEqual([
      [systemTenantId, 404, 'client', 'route_not_found'],
      [systemTenantId, 401, 'auth', 'invalid_token'],
      [defaultTenantId, 404, 'client', 'not_found'],
      [defaultTenantId, 429, 'limit', 'quota_exceeded'],
    ]);
    expect(events[3]?.data['violated_policies']).toEqual(['ip-min']);
    const [refusal] = events[3]?.data['refusals'] as string[];
    const [, debtUs = '', nextUs = ''] = /^ip-min q=1 w=60 c=1 d=(\d+) t=(\d+)$/.exec(refusal ?? '') ?? [];
    expect(Number(debtUs)).toBeGreaterThan(50e6);
    expect(nextUs).toBe(debtUs);
  });

  test('tells nothing of pages', async () => {
    expect(await eventsOf(() => [['/'], ['/favicon.ico'], ['/secret/path']])).toEqual([]);
  });
});
