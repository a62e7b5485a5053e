import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct();
}, 60_000);
afterAll(() => product.stop(), 60_000);

interface AuditPage {
  readonly rows: readonly { readonly action: string; readonly actor_name: string; readonly seq: string }[];
  readonly next_page_token: string;
}

const send = (method: string, path: string, body: object, headers: Record<string, string> = {}) =>
  product.getWithKey(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const list = async (query = '') => (await (await product.getWithKey(`/api/v1/audit${query}`)).json()) as AuditPage;

test('a key that is made twice under one Idempotency-Key is one key, shown once, and one row of the audit log', async () => {
  const make = () =>
    send('POST', '/api/v1/auth/keys', { name: 'twice', scopes: ['search:read'] }, { 'idempotency-key': 'once' });
  const first = await make();
  expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
  const again = await make();
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  const made = (await first.json()) as Record<string, unknown>;
  const told = (await again.json()) as Record<string, unknown>;
  expect(made['key']).toMatch(/^uapi_live_/);
  expect(told['key'] ?? '').toBe('');
  expect(told['already_shown']).toBe(true);
  const other = await send(
    'POST',
    '/api/v1/auth/keys',
    { name: 'other', scopes: ['search:read'] },
    { 'idempotency-key': 'once' },
  );
  expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, 'idempotency_key_reused']);
  const { rows } = await list('?action=auth.key.created');
  expect(rows).toHaveLength(1);
});

test('the audit log is read in pages, with a token that nobody can change, and its chain is right', async () => {
  for (const name of ['a', 'b']) await send('POST', '/api/v1/auth/keys', { name, scopes: ['search:read'] });
  const all = await list();
  expect(all.rows.length).toBeGreaterThanOrEqual(2);
  const page = await list('?page_size=1');
  expect(page.rows).toEqual(all.rows.slice(0, 1));
  expect(await list(`?page_size=1&page_token=${page.next_page_token}`)).toMatchObject({ rows: all.rows.slice(1, 2) });
  const changed = `${page.next_page_token.slice(0, -1)}${page.next_page_token.endsWith('A') ? 'B' : 'A'}`;
  const refused = await product.getWithKey(`/api/v1/audit?page_token=${changed}`);
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([400, 'page_token_invalid']);
  const verified = await product.getWithKey('/api/v1/audit/verify');
  expect(await verified.json()).toEqual({ ok: true, checked: String(all.rows.length) });
});

test('a log level is set for a while', async () => {
  const answer = await send('PUT', '/api/v1/ops/log-levels', { service: 'search', level: 'error', ttl_s: 5 });
  expect(answer.status).toBe(200);
  const body = (await answer.json()) as { until: string };
  expect(body).toMatchObject({ service: 'search', level: 'error' });
  expect(Date.parse(body.until)).toBeGreaterThan(Date.now() - 60_000);
  const unknown = await send('PUT', '/api/v1/ops/log-levels', { service: 'nobody', level: 'error' });
  expect(unknown.status).toBe(400);
});
