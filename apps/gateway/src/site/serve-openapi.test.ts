import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { holding, openSite, openapi, strictPolicy } from './test/open-site.ts';

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('the document is served as it was made, for all to keep five minutes', async () => {
  const response = await site.get('/openapi.json');
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  expect(response.headers.get('content-security-policy')).toBe(strictPolicy);
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(openapi)));
});

test('who has it already gets no bytes', async () => {
  const first = await site.get('/openapi.json');
  const response = await site.get('/openapi.json', { headers: holding(first) });
  expect(response.status).toBe(304);
  expect(await response.text()).toBe('');
});

test('another document has another validator', async () => {
  const other = await openSite({ openapi: { openapi: '3.1.1' } });
  const tags = await Promise.all(
    [site, other].map(async (one) => (await one.get('/openapi.json')).headers.get('etag')),
  );
  await other.close();
  expect(tags[0]).not.toBe(tags[1]);
});
