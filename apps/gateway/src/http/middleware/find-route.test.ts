import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../../test/start-test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

describe('a path', () => {
  test.each([
    ['/api/v1/testing/names', '["anvil","bell"]'],
    ['/api/testing/names', '["anvil","bell"]'],
    ['/api/v1/testing/names/', '["anvil","bell"]'],
    ['/api/v1/testing/files/a%2Fb/c', '{"path":"a/b/c"}'],
    ['/api/v1/testing/files/%E2%82%AC', '{"path":"€"}'],
    ['/api/v1/testing/shelves/s1/label', '{"path":"shelves/s1"}'],
  ])('leads to its method: %s', async (path, body) => {
    expect(await (await gateway.fetch(path)).text()).toBe(body);
  });

  test.each([
    '/',
    '/api',
    '/api/',
    '/api/v1',
    '/api/v2/testing/names',
    '/API/testing/names',
    '/api/v1/testing/names/x',
  ])('that leads nowhere is 404: %s', async (path) => {
    const response = await gateway.fetch(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'route_not_found', next: { action: 'fix' } });
  });

  test.each([
    ['POST', '/api/v1/testing/names', 'HEAD, GET'],
    ['OPTIONS', '/api/v1/testing/things/t1', 'HEAD, GET, PATCH, DELETE'],
    ['PUT', '/api/v1/testing/things/t1:cancel', 'HEAD, GET, POST, PATCH, DELETE'],
  ])('with another verb is 405 and names those it takes: %s %s', async (method, path, allow) => {
    const response = await gateway.fetch(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed', next: { action: 'fix' } });
  });

  test('with a malformed escape is 400', async () => {
    const response = await gateway.fetch('/api/v1/testing/things/%zz');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_request', errors: [{ field: 'path' }] });
  });

  test('longer than 8,192 characters is 414', async () => {
    const response = await gateway.fetch(`/api/v1/testing/fields?top_text=${'x'.repeat(8_192)}`);
    expect(response.status).toBe(414);
    expect(await response.json()).toMatchObject({ code: 'uri_too_long' });
  });
});
