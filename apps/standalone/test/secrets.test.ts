import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ask, enter, freshAddress, issueKey, trustedProxy, type Person } from './people/people.ts';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct({ ...trustedProxy, LOG_LEVEL: 'debug' });
}, 60_000);
afterAll(() => product.stop(), 60_000);

/** A text in the forms in which it could be written down. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)];
}

/** Everything a person keeps to themselves, made and used in each way there is. */
async function live(person: Person, secrets: Map<string, string>): Promise<void> {
  const keep = (what: string, secret: unknown) => secrets.set(`${what} of ${person.email}`, String(secret));
  const as = person.accessToken;
  keep('password', person.password);
  keep('access token', person.accessToken.split('.')[2]);
  keep('refresh token', person.refreshToken);
  const { key } = await issueKey(product, as, ['data:read']);
  keep('key', key.slice(23));
  await ask(product, '/countries/PE', { as: key });
  await ask(product, '/countries/PE', { headers: { 'x-api-key': key } });
  await ask(product, `/countries/PE?api_key=${key}`);
  const credential = `canary-${randomBytes(12).toString('hex')}`;
  keep('provider credential', credential);
  const stored = await ask(product, '/provider-keys/weatherapi', { as, method: 'PUT', json: { value: credential } });
  expect(stored.status).toBe(200);
  const totp = await ask(product, '/auth/totp', { as, method: 'POST' });
  expect(totp.status).toBe(200);
  keep('second factor', totp.body['secret']);
  const refreshed = await ask(product, '/auth/refresh', { json: { refresh_token: person.refreshToken } });
  keep('second refresh token', refreshed.body['refresh_token']);
  const wrong = `wrong-${randomBytes(9).toString('hex')}`;
  keep('wrong password', wrong);
  await ask(product, '/auth/login', { json: { email: person.email, password: wrong }, from: freshAddress() });
  const unknown = `uapi_rt_${randomBytes(32).toString('base64url')}`;
  keep('unknown refresh token', unknown);
  await ask(product, '/auth/refresh', { json: { refresh_token: unknown } });
  await ask(product, `/auth/refresh?refresh_token=${unknown}`, { method: 'POST' });
}

test('T02 no secret is in what the product stores, sends, logs or measures', async () => {
  const secrets = new Map([['the first key', product.key.slice(23)]]);
  await product.getWithKey('/api/v1/countries/PE');
  for (let person = 0; person < 20; person++) await live(await enter(product), secrets);
  expect(secrets.size).toBeGreaterThan(180);
  const kept = `${await product.kept()}\n${await product.metrics()}`;
  // The search can find: what may be known is there.
  expect(kept).toContain('auth.key.created');
  expect([...secrets].filter(([, secret]) => formsOf(secret).some((form) => kept.includes(form)))).toEqual([]);
}, 120_000);
