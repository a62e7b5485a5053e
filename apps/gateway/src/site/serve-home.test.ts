import { afterEach, describe, expect, test } from '@jest/globals';
import { Script } from 'node:vm';
import { homeCalls } from './home-calls.ts';
import { readAsset } from './page.ts';
import { blockedBy, openSite, openapi } from './test/open-site.ts';

let site: Awaited<ReturnType<typeof openSite>>;
afterEach(() => site.close());

const home = async (options?: Parameters<typeof openSite>[0]) => {
  site = await openSite(options);
  const response = await site.get('/');
  return { response, html: await response.text() };
};

describe('the home page', () => {
  test('works under its own policy, with nothing from elsewhere', async () => {
    const { response, html } = await home();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(blockedBy(response.headers.get('content-security-policy') ?? '', html)).toEqual([]);
    expect(html).not.toMatch(/(?:src|href)="https?:/);
  });

  test('offers calls as links and as curl lines, and the links lead somewhere', async () => {
    const { html } = await home();
    for (const { path } of homeCalls) {
      expect(html).toContain(`href="${path}"`);
      expect(html).toContain(`curl -s &#39;http://127.0.0.1:8000${path}&#39;`);
    }
    for (const path of ['/docs', '/docs/errors', '/openapi.json', '/api/health', '/favicon.svg']) {
      expect(html).toContain(`"${path}"`);
      expect((await site.get(path)).status).toBe(200);
    }
  });

  test('its calls are operations of the contract', () => {
    const templates = Object.keys((openapi as { paths: object }).paths).map(
      (path) => new RegExp(`^/api/v1${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    );
    const missing = homeCalls.filter(
      ({ path }) => !templates.some((template) => template.test(path.split('?')[0] ?? '')),
    );
    expect(missing).toEqual([]);
  });

  test('claims no health: that is asked when it is looked at', async () => {
    const { html } = await home({ parts: () => ({ search: { status: 'unhealthy' } }) });
    const markup = html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '');
    expect(markup).not.toMatch(/healthy|works|degraded/i);
    expect(html).toContain("fetch('/api/health'");
  });

  test('asks for a key in its curl lines where nobody is answered without', async () => {
    const { html } = await home({ homeFacts: { baseUrl: 'http://x', isAnonymousOpen: false } });
    expect(html).toContain('data-open="false"');
    expect(html).toContain('-H &quot;Authorization: Bearer $UAPI_KEY&quot;');
  });

  test('what it is told stays text', async () => {
    const evil = `"><script>alert(1)</script>'`;
    const { response, html } = await home({ version: evil, homeFacts: { baseUrl: evil, isAnonymousOpen: true } });
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(blockedBy(response.headers.get('content-security-policy') ?? '', html)).toEqual([]);
  });

  test('its script can be read, and never writes markup', () => {
    const script = readAsset('home.js');
    expect(() => new Script(script)).not.toThrow();
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|<\/script/i);
    return openSite().then((opened) => (site = opened));
  });

  test('other verbs are refused with what is allowed', async () => {
    site = await openSite();
    const response = await site.get('/', { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed' });
  });
});
