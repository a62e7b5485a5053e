import { afterEach, expect, test } from '@jest/globals';
import { blockedBy, openSite } from './test/open-site.ts';

let site: Awaited<ReturnType<typeof openSite>> | undefined;
afterEach(async () => {
  await site?.close();
  site = undefined;
});

test('the outbox is a page without a mail in it, works under its own policy, and is kept nowhere', async () => {
  site = await openSite({ hasOutbox: true });
  const response = await site.get('/outbox');
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(blockedBy(response.headers.get('content-security-policy') ?? '', html)).toEqual([]);
  expect(html).toContain('/api/v1/mail-outbox');
});

test('where the product is several processes there is no such page', async () => {
  site = await openSite();
  expect((await site.get('/outbox')).status).toBe(404);
});
