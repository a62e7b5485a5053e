import { expect, test } from '@jest/globals';
import { newId } from '@universal-api/ids';
import { silentLogger } from '@universal-api/logging';
import { createMetrics } from '@universal-api/telemetry';
import { createOwnedParts } from '../owned-parts.ts';
import { createReadiness } from '../readiness.ts';
import { openRateLimiter } from './open-rate-limiter.ts';

const charge = { policy: 'key-min', partition: 'a', q: 10, windowS: 3_600, cost: 1 };

test('without Redis each of several gateways takes its share, and the gauge says so while there are several', async () => {
  const metrics = createMetrics({ version: 't' });
  const host = { log: silentLogger, metrics, version: 't', build: 't', now: Date.now, newId };
  let live = 1;
  const parts = { host, owned: createOwnedParts(silentLogger), readiness: createReadiness() };
  const { limiter } = await openRateLimiter(undefined, { ...parts, app: 'gateway', liveGateways: () => live });
  // Another app of the same process, which counts alone and is whole.
  const other = await openRateLimiter(undefined, { ...parts, app: 'auth', liveGateways: () => 1 });
  const gauge = async () => {
    await other.limiter.decide([{ ...charge, cost: 0 }]);
    return /^uapi_ratelimit_degraded (\d)$/m.exec((await metrics.expose()).text)?.[1];
  };
  const seen = [await gauge()];
  live = 2;
  let admitted = 0;
  for (let call = 0; call < 10; call += 1) if ((await limiter.decide([charge])).admitted) admitted += 1;
  seen.push(await gauge());
  live = 1;
  await limiter.decide([{ ...charge, cost: 0 }]);
  seen.push(await gauge());
  expect([admitted, seen]).toEqual([5, ['0', '1', '0']]);
});
