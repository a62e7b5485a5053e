import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorCodes, type ErrorCode } from '@universal-api/errors';
import { startTestGateway, type TestGateway } from '../../test/start-test-gateway.ts';
import { problemOf } from './write-problem.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

describe('a problem', () => {
  // A service that does not know its caller is a fault between our parts; see the next test.
  const ofServices = (Object.keys(errorCodes) as ErrorCode[]).filter((code) => code !== 'unauthenticated');
  test.each(ofServices)('of a service is answered whole: %s', async (code) => {
    const response = await gateway.fetch(`/api/v1/testing/fail?code=${code}`);
    const body = (await response.json()) as Record<string, unknown>;
    expect(response.status).toBe(errorCodes[code].status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      code,
      status: errorCodes[code].status,
      title: errorCodes[code].title,
      type: expect.any(String),
      detail: expect.any(String),
      retryable: errorCodes[code].retryable,
      request_id: response.headers.get('x-request-id'),
      next: { action: errorCodes[code].next },
    });
    const challenges: Partial<Record<ErrorCode, string>> = {
      permission_denied: 'Bearer error="insufficient_scope", scope="data:read"',
      invalid_token: 'Bearer error="invalid_token"',
    };
    const challenge = challenges[code] ?? (response.status === 401 ? 'Bearer' : null);
    expect(response.headers.get('www-authenticate')).toBe(challenge);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('of a service that refused our principal is our fault, not the caller’s', async () => {
    const response = await gateway.fetch('/api/v1/testing/fail?code=unauthenticated');
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 'internal' });
  });

  test('of an error that nobody expected says nothing of the inside', async () => {
    const response = await gateway.fetch('/api/v1/testing/fail');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', next: { action: 'retry' } });
  });

  test('of 200 KiB arrives as 6 KiB, and the next call is served', async () => {
    const response = await gateway.fetch('/api/v1/testing/fail?code=invalid_request&errors=2000');
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text.length).toBeLessThanOrEqual(6 * 1_024);
    expect(JSON.parse(text).errors.length).toBeGreaterThan(10);
    expect((await gateway.fetch('/api/v1/testing/names')).status).toBe(200);
  });

  test('that asks to wait says so in the header too', async () => {
    const response = await gateway.fetch('/api/v1/testing/fail?code=overloaded');
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ retry_after: 1, next: { action: 'wait', after_s: 1 } });
  });

  test('to HEAD has its headers and no body', async () => {
    const response = await gateway.fetch('/api/v1/testing/fail?code=conflict', { method: 'HEAD' });
    expect(response.status).toBe(409);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
    expect(await response.text()).toBe('');
  });

  test.each([new Error('x'), 'text', undefined, null, { code: 'not_found' }])(
    'of any thrown value is one: %p',
    (thrown) => {
      expect(problemOf(thrown, 'id')).toMatchObject({ code: 'internal', status: 500, next: { action: 'retry' } });
    },
  );
});
