import { silentLogger } from '@universal-api/logging';
import { openRedis } from '@universal-api/redis';
import { setTimeout } from 'node:timers/promises';
import { createRedisRateLimiter, hrtimeUs, type Charge } from '../src/index.ts';

/** One unit that some gateway let pass: ms of this process. */
interface Passed {
  readonly atMs: number;
}

/** What one policy is asked for, over three gateways. */
export interface Overload {
  readonly url: string;
  readonly prefix: string;
  readonly charge: Charge;
  /** Calls a second, over all gateways. */
  readonly perSecond: number;
}

const gatewayCount = 3;

/** Three limiters as three gateways, each with a connection of its own, under a constant arrival rate. */
export async function overloadGateways({ url, prefix, charge, perSecond }: Overload) {
  const passed: Passed[] = [];
  const latenciesMs: number[] = [];
  const errors: unknown[] = [];
  const switches: { atMs: number; isDegraded: boolean }[] = [];
  let asked = 0;
  const gateways = await Promise.all(Array.from({ length: gatewayCount }, () => openGateway()));
  let isRunning = true;

  async function openGateway() {
    const redis = openRedis({ url, name: 'limits', log: silentLogger });
    const limiter = createRedisRateLimiter({
      ...{ redis, prefix, nowUs: hrtimeUs, liveGateways: () => gatewayCount },
      onDegraded: (isDegraded) => switches.push({ atMs: performance.now(), isDegraded }),
    });
    await redis.connected(5_000);
    return { redis, limiter };
  }
  async function call(): Promise<void> {
    const gateway = gateways[asked++ % gatewayCount];
    const begun = performance.now();
    try {
      const decision = await gateway?.limiter.decide([charge]);
      if (decision?.admitted) passed.push({ atMs: performance.now() });
    } catch (error) {
      errors.push(error);
    }
    latenciesMs.push(performance.now() - begun);
  }
  async function load(): Promise<void> {
    const begun = performance.now();
    const pending = new Set<Promise<void>>();
    for (let sent = 0; isRunning; await setTimeout(5)) {
      for (const due = ((performance.now() - begun) / 1_000) * perSecond; sent < due; sent += 1) {
        const one = call();
        pending.add(one);
        void one.finally(() => pending.delete(one));
      }
    }
    await Promise.all(pending);
  }
  const loading = load();

  return {
    passed,
    latenciesMs,
    errors,
    switches,
    degraded: () => gateways.filter(({ limiter }) => limiter.isDegraded()).length,
    async stop() {
      isRunning = false;
      await loading;
      for (const { redis, limiter } of gateways) {
        limiter.close();
        await redis.close();
      }
    },
  };
}

/**
 * By how many units the worst span goes over `factor` × (burst + extra + floor(e / T)); 0 or less: none does. Every span from
 * one admitted call to another counts.
 */
export function worstExcess(passed: readonly Passed[], charge: Charge, { factor = 1, extra = 0 } = {}): number {
  const slotMs = Math.ceil((charge.windowS * 1e6) / charge.q) / 1_000;
  const burst = (charge.burst ?? charge.q) + extra;
  let worst = Number.NEGATIVE_INFINITY;
  const times = passed.map(({ atMs }) => atMs).sort((a, b) => a - b);
  for (const [first, from] of times.entries()) {
    for (let last = first; last < times.length; last += 1) {
      const allowed = factor * (burst + Math.floor(((times[last] ?? from) - from) / slotMs));
      worst = Math.max(worst, last - first + 1 - allowed);
    }
  }
  return worst;
}
