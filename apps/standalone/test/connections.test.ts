import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeApiKey } from '@universal-api/principal';
import { randomBytes } from 'node:crypto';
import { playWeatherAndPlaces, type PlayedUpstream } from './play-upstream.ts';
import { startTestProduct, type TestProduct } from './start-test-product.ts';

/** Fewer than one address may have connections to the gateway. */
const callers = 40;
const rounds = 5;

let upstream: PlayedUpstream;
let product: TestProduct;
beforeAll(async () => {
  upstream = await playWeatherAndPlaces();
  product = await startTestProduct({ ...upstream.withQuotas, RL_IP_MIN: '1000000/60' });
}, 60_000);
afterAll(async () => {
  await product.stop();
  await upstream.close();
}, 60_000);

/** Calls that need every pool: unknown keys are looked up, providers have quotas, and each leaves events of several kinds. */
async function askForAll(): Promise<void> {
  for (let n = 0; n < rounds; n++) {
    const stranger = { headers: { 'x-api-key': makeApiKey('live', randomBytes).text } };
    for (const ask of [
      () => product.getWithKey(`/api/v1/geocoding/postcode/FR/${Math.floor(10_000 + Math.random() * 80_000)}`),
      () => product.getWithKey('/api/v1/search/quick?q=capital%20of%20Peru'),
      () => product.get('/api/v1/time/now', stranger),
    ])
      await (await ask()).text();
  }
}

test('connections to PostgreSQL at full load stay within the budget', async () => {
  let isOver = false;
  const load = Promise.all(Array.from({ length: callers }, askForAll)).finally(() => (isOver = true));
  let [most, ofMost]: [number, Readonly<Record<string, number>>] = [0, {}];
  while (!isOver) {
    const { open } = await product.connections();
    const count = Object.values(open).reduce((sum, some) => sum + some, 0);
    if (count > most) [most, ofMost] = [count, open];
  }
  await load;
  process.stderr.write(`${most} connections at full load: ${JSON.stringify(ofMost)}\n`);
  // A load that opens no second connection proves nothing.
  expect(ofMost['auth_app']).toBeGreaterThan(1);
  expect(ofMost['providers_app']).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual((await product.connections()).budget);
}, 60_000);
