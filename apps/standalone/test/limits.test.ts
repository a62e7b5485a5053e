import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fromPublicId } from '@universal-api/ids';
import { parseFieldList } from '@universal-api/limits/contract';
import { setTimeout } from 'node:timers/promises';
import { ask, enter, freshAddress, issueKey, trustedProxy, type Answer, type Asking } from './people/people.ts';
import { startTestProduct, untilEvents, type SeenEvent, type TestProduct } from './start-test-product.ts';

const origin = 'https://app.example';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct({ ...trustedProxy, CORS_ORIGINS: origin });
}, 60_000);
afterAll(() => product.stop(), 60_000);

/** Sends the same call until it is refused for its rate, at most `times`. */
async function untilRefused(times: number, path: string, asking: Asking): Promise<Answer> {
  let answer: Answer | undefined;
  for (let sent = 0; sent < times && answer?.status !== 429; sent++) answer = await ask(product, path, asking);
  if (answer?.status !== 429) throw new Error(`${path} is not refused: ${answer?.status} ${answer?.text}`);
  return answer;
}

describe('T19 a refusal by the service auth', () => {
  const person = () => enter(product);
  const enrolled = async () => {
    const { accessToken: as } = await person();
    const { status } = await ask(product, '/auth/totp', { as, method: 'POST', json: {} });
    expect(status).toBeLessThan(300);
    return { as };
  };
  test.each<[policy: string, times: number, path: string, asking: () => Promise<Asking>]>([
    [
      'login-pair',
      6,
      '/auth/login',
      async () => ({ json: { email: (await person()).email, password: 'not it at all' }, from: freshAddress() }),
    ],
    [
      'register-ip',
      6,
      '/auth/register',
      async () => ({
        json: { email: (await person()).email, password: 'correct horse battery' },
        from: freshAddress(),
      }),
    ],
    [
      'reset-account',
      4,
      '/auth/password/forgot',
      async () => ({ json: { email: (await person()).email }, from: freshAddress() }),
    ],
    ['totp', 6, '/auth/totp/confirm', async () => ({ ...(await enrolled()), json: { code: '000000' } })],
  ])('for %s lists the policy, and Retry-After is no less than its t', async (policy, times, path, asking) => {
    const call = await asking();
    const refused = await untilRefused(times, path, { ...call, headers: { origin } });
    expect(refused.body).toMatchObject({ code: 'quota_exceeded', 'violated-policies': [policy] });
    const policies = parseFieldList(refused.headers.get('ratelimit-policy') ?? '');
    const limits = parseFieldList(refused.headers.get('ratelimit') ?? '');
    expect(limits.map(({ name }) => name)).toEqual(policies.map(({ name }) => name));
    // The edge's own follow: a name stands once, and what refused comes first.
    expect(new Set(policies.map(({ name }) => name)).size).toBe(policies.length);
    expect(policies[0]?.name).toBe(policy);
    const { r, t = Infinity } = limits[0]?.parameters ?? {};
    expect(r).toBe(0);
    expect(t).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(t);
    expect(refused.body['retry_after']).toBe(Number(refused.headers.get('retry-after')));
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
    expect(refused.headers.get('x-request-id')).toBe(refused.body['request_id']);
    // Nobody can look this one up: it is told to whoever tries.
    expect(refused.body).not.toHaveProperty('explain');
  });
});

describe('an override of the tenant', () => {
  test('holds for its people too from their next token on, GET /limits agrees, and a refusal says where it is explained', async () => {
    const { accessToken: before, refreshToken, tenantId } = await enter(product);
    const lower = { as: before, method: 'PUT', json: { q: 3 } };
    expect((await ask(product, '/limits/overrides/lookup-min', lower)).status).toBe(200);
    const renewed = await ask(product, '/auth/refresh', { json: { refresh_token: refreshToken } });
    const as = String(renewed.body['access_token']);

    const { body } = await ask(product, '/limits?rate_class=lookup', { as });
    expect(body['policies']).toContainEqual(expect.objectContaining({ policy: 'lookup-min', q: 3, source: 'tenant' }));
    const refused = await untilRefused(4, '/countries/PE', { as });
    expect(parseFieldList(refused.headers.get('ratelimit-policy') ?? '')).toContainEqual({
      name: 'lookup-min',
      parameters: { q: 3, w: 60 },
    });
    expect(refused.body).toMatchObject({
      'violated-policies': ['lookup-min'],
      explain: `/api/v1/limits/explain?request_id=${refused.headers.get('x-request-id')}`,
    });

    const path = String(refused.body['explain']).replace('/api/v1', '');
    const end = performance.now() + 6_000;
    let told = await ask(product, path, { as });
    while (told.status === 404 && performance.now() < end) {
      await setTimeout(50);
      told = await ask(product, path, { as });
    }
    expect(told.status).toBe(200);
    expect(told.body).toMatchObject({ policies: [{ policy: 'lookup-min', q: 3, cost: 1 }] });
    const isTheirs = ({ type, tenant }: SeenEvent) =>
      type === 'rate_limit.exceeded' && tenant === fromPublicId('tenant', tenantId);
    const [event] = await untilEvents(product, isTheirs);
    expect(event?.data).toMatchObject({ policy: 'lookup-min', limit: 3, window_s: 60 });
  });

  test('holds for its keys too, and their refusals say the same', async () => {
    const { accessToken: as } = await enter(product);
    await ask(product, '/limits/overrides/lookup-min', { as, method: 'PUT', json: { q: 1 } });
    const { key } = await issueKey(product, as, ['data:read', 'limits:read']);
    const refused = await untilRefused(2, '/countries/PE', { as: key });
    expect(refused.body['explain']).toContain('/limits/explain?request_id=');
  });
});
