import { afterEach, describe, expect, test } from '@jest/globals';
import { testContract } from '@universal-api/testing';
import { startTestGateway, type TestGateway } from '../../test/start-test-gateway.ts';
import { openChannels } from './service-clients.ts';

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

interface Context {
  readonly principal: string;
  readonly request_id: string;
  readonly call_id: string;
  readonly traceparent: string;
  readonly depth: number;
  readonly remaining_ms: number;
}

describe('a call', () => {
  test('carries principal, ids, trace, depth and the deadline less 50 ms', async () => {
    const { fetch } = (gateway = await startTestGateway({ settings: { deadlineMs: 5_000 } }));
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const headers = { 'x-request-id': 'my-request', 'accept-language': 'fr-CH, en;q=0.5', traceparent };
    const context = (await (await fetch('/api/v1/testing/context', { headers })).json()) as Context;
    expect(context).toMatchObject({ request_id: 'my-request', traceparent, depth: 1 });
    expect(context.call_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(context.remaining_ms).toBeGreaterThan(1_000);
    expect(context.remaining_ms).toBeLessThanOrEqual(4_950);
    expect(JSON.parse(context.principal)).toMatchObject({
      iss: 'gateway',
      aud: 'testing',
      mth: '/uapi.testing.v1.EchoService/EchoContext',
      pri: 'critical',
      rid: 'my-request',
      cid: context.call_id,
      cip: '127.0.0.1',
      lang: 'fr-CH',
    });
  });

  test('to an app without an address is 503, and says nothing of the inside', async () => {
    const contract = testContract();
    expect([...openChannels(contract, {}).keys()]).toEqual([]);
    const { fetch } = (gateway = await startTestGateway({ target: '127.0.0.1:1' }));
    const text = await (await fetch('/api/v1/testing/names')).text();
    expect(text).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/);
  });
});
