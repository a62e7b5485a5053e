import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../test/start-test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const authorised = () => ({ authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' });

describe('an answer', () => {
  test('prints fields without presence, leaves out what is unknown, and has no null', async () => {
    const response = await gateway.fetch('/api/v1/testing/fields?fields.text=');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({
      fields: { text: '', colours: [], words: [], counts: [], labels: {}, squares: {}, many: [] },
    });
  });

  test('is the named field alone when the rule says so', async () => {
    expect(await (await gateway.fetch('/api/v1/testing/names')).json()).toEqual(['anvil', 'bell']);
  });

  test('has the status of its method, and the location that the service gave', async () => {
    const headers = { ...authorised(), 'idempotency-key': 'once' };
    const response = await gateway.fetch('/api/v1/testing/things', { method: 'POST', headers, body: '{"title":"x"}' });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/api/v1/testing/things/t1');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ thing: { id: 't1', title: 'x' }, idempotency_key: 'once' });
  });

  test('has the status that the service chose', async () => {
    const response = await gateway.fetch('/api/v1/testing/things/t1', { method: 'DELETE', headers: authorised() });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
  });

  test('of a deprecated method says so', async () => {
    const { headers } = await gateway.fetch('/api/v1/testing/context');
    expect(headers.get('deprecation')).toBe(`@${Date.UTC(2026, 0, 1) / 1_000}`);
    expect(headers.get('sunset')).toBe('Tue, 30 Jun 2026 00:00:00 GMT');
  });

  test('sets cookies only where the method has to do with them', async () => {
    const body = '{"username":"a"}';
    const headers = { 'content-type': 'application/json', cookie: 'a=b' };
    const response = await gateway.fetch('/api/v1/testing/form', { method: 'POST', headers, body });
    expect(response.headers.get('set-cookie')).toBe('seen=1; HttpOnly; Path=/');
    expect(await response.json()).toMatchObject({ cookie: 'a=b' });
    expect(await (await gateway.fetch('/api/v1/testing/context', { headers })).json()).not.toHaveProperty('cookie');
  });

  test('to HEAD is the same without its body', async () => {
    const response = await gateway.fetch('/api/v1/testing/names', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String('["anvil","bell"]'.length));
    expect(await response.text()).toBe('');
  });
});

describe('caching', () => {
  const get = (id: string, headers: Record<string, string> = {}) =>
    gateway.fetch(`/api/v1/testing/things/${id}`, { headers });
  const ageOf = (response: Response) =>
    Number(/^private, max-age=(\d+)$/.exec(response.headers.get('cache-control') ?? '')?.[1]);

  test('of a look-up lasts for the rest of its class', async () => {
    const fresh = ageOf(await get('fresh'));
    expect(fresh).toBeGreaterThan(3_500);
    expect(fresh).toBeLessThanOrEqual(3_600);
    const old = ageOf(await get('old'));
    expect(old).toBeGreaterThan(2_900);
    expect(old).toBeLessThanOrEqual(3_000);
    expect(ageOf(await get('poor'))).toBe(30);
  });

  test('goes by a weak tag that does not depend on the call', async () => {
    const first = await get('same');
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\/"[\w-]+"$/);
    expect((await get('same')).headers.get('etag')).toBe(tag);
    expect((await get('other')).headers.get('etag')).not.toBe(tag);
    expect(first.headers.get('vary')).toContain('Accept-Language');
    for (const asked of [tag, `"x", ${tag.slice(2)}`, '*']) {
      const unchanged = await get('same', { 'if-none-match': asked });
      expect(unchanged.status).toBe(304);
      expect(unchanged.headers.get('etag')).toBe(tag);
      expect(unchanged.headers.has('ratelimit')).toBe(false);
      expect(await unchanged.text()).toBe('');
    }
    expect((await get('same', { 'if-none-match': 'W/"x"' })).status).toBe(200);
  });

  test('is not for anything else', async () => {
    for (const path of ['/api/v1/testing/names', '/api/v1/testing/things/missing', '/api/v1/testing/context']) {
      const response = await gateway.fetch(path);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.has('etag')).toBe(false);
    }
  });
});
