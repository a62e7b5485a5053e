import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blockedBy, holding, openSite } from './test/open-site.ts';

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('the reference works under its own policy, and all that it links is there', async () => {
  const response = await site.get('/docs');
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(blockedBy(response.headers.get('content-security-policy') ?? '', html)).toEqual([]);
  const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
  expect(links).toContain('/docs/assets/swagger-ui-bundle.js');
  for (const link of links) expect((await site.get(link)).status).toBe(200);
});

test.each([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['site.css', 'text/css; charset=utf-8'],
  ['docs.js', 'text/javascript; charset=utf-8'],
])('%s is kept five minutes and has a validator', async (name, type) => {
  const response = await site.get(`/docs/assets/${name}`);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  const again = await site.get(`/docs/assets/${name}`, { headers: holding(response) });
  expect(again.status).toBe(304);
});

test.each(['home.js', 'package.json', 'index.html', '..%2fpage.ts', '..%2f..%2fpackage.json', '__proto__'])(
  'no other file leaves: %s',
  async (name) => {
    const response = await site.get(`/docs/assets/${name}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'route_not_found' });
  },
);

test.each(['/favicon.ico', '/favicon.svg'])('%s is an icon', async (path) => {
  const response = await site.get(path);
  expect(response.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
  expect(await response.text()).toMatch(/^<svg /);
});
