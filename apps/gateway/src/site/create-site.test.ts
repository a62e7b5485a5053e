import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSite } from './test/open-site.ts';

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const paths = ['/', '/docs', '/docs/errors', '/docs/errors/internal', '/openapi.json', '/api/health', '/favicon.ico'];

test.each(paths)('%s answers HEAD without a body, and refuses what changes things', async (path) => {
  const head = await site.get(path, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const refused = await site.get(path, { method });
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('GET, HEAD');
  }
});

test.each(['/api/v1/time/now', '/api/time/now', '/api', '/metrics'])(
  '%s is left to those who come after',
  async (path) => {
    const response = await site.get(path, { method: 'POST' });
    // Express' own answer: nothing in the site took the call.
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  },
);
