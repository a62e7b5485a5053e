import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { errorCodes, factsOf, problemTypeOf, type ErrorCode } from '@universal-api/errors';
import { blockedBy, openSite } from './test/open-site.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];
let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('the list links every code of the registry', async () => {
  const response = await site.get('/docs/errors');
  const html = await response.text();
  expect(blockedBy(response.headers.get('content-security-policy') ?? '', html)).toEqual([]);
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  for (const code of codes) expect(html).toContain(`href="/docs/errors/${code}"`);
});

test.each(codes)('the type of %s leads to its page', async (code) => {
  const type = problemTypeOf(code);
  const response = await site.get(type.startsWith('/') ? type : `/docs/errors/${code}`);
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(html).toContain(`<h1>${factsOf(code).title}</h1>`);
  expect(html).toContain(`>${factsOf(code).status}<`);
  expect(blockedBy(response.headers.get('content-security-policy') ?? '', html)).toEqual([]);
});

test.each(['nonsense', 'toString', '__proto__', '%3Cscript%3E'])('%s is no code, so there is no page', async (word) => {
  const response = await site.get(`/docs/errors/${word}`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'route_not_found' });
});
