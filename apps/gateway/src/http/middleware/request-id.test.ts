import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../../test/start-test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const idFor = async (given?: string) => {
  const response = await gateway.fetch('/api/v1/testing/context', { headers: given ? { 'x-request-id': given } : {} });
  const { request_id } = (await response.json()) as { request_id: string };
  expect(response.headers.get('x-request-id')).toBe(request_id);
  return request_id;
};

describe('the id of a request', () => {
  test.each(['abcdefgh', 'A-b_c.123', 'x'.repeat(64)])('is the one that the caller gave: %s', async (given) => {
    expect(await idFor(given)).toBe(given);
  });

  test.each([undefined, 'short', 'x'.repeat(65), 'has space', 'semi;colon', '../../etc'])(
    'is a new UUIDv7 when the given one is absent or odd: %s',
    async (given) => {
      expect(await idFor(given)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    },
  );

  test('differs from call to call', async () => {
    expect(await idFor()).not.toBe(await idFor());
  });
});
