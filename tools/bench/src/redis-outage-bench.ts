import { startRedis } from '@universal-api/infra';
import {
  createMemoryRateLimiter,
  createRatePolicies,
  createRedisRateLimiter,
  hrtimeUs,
  type RateLimiter,
} from '@universal-api/limits';
import { silentLogger } from '@universal-api/logging';
import { openRedis } from '@universal-api/redis';
import { setTimeout } from 'node:timers/promises';
import { quantile } from './send-load.ts';

const perSecond = 500;
const partMs = 8_000;
const warmUpMs = 2_000;
const cpuDecisions = 20_000;
const concurrency = 16;
const mostTimesBase = 2;

/**
 * Time of rate decisions at 500 a second, before, while and after Redis is frozen and stopped, and CPU time of a decision in
 * memory beside one in Redis (both of this process alone). Prints the figures, and whether the p99 over an outage is at most
 * twice the base (`platform.md` T18).
 */
export async function benchRedisOutage(): Promise<boolean> {
  const server = await startRedis();
  const redis = openRedis({ url: server.url, name: 'limits', log: silentLogger });
  await redis.connected(5_000);
  const limiter = createRedisRateLimiter({ redis, prefix: 'bench', nowUs: hrtimeUs, liveGateways: () => 3 });
  try {
    console.log(`\nrate decisions over five policies`);
    console.log(`  in memory: ${(await cpuOf(createMemoryRateLimiter({ nowUs: hrtimeUs }))).toFixed(1)} CPU-µs`);
    console.log(`  in Redis:  ${(await cpuOf(limiter)).toFixed(1)} CPU-µs`);
    const [decisions, pings] = [await rateOf((n) => limiter.decide(chargesOf(n))), await rateOf(() => redis.ping())];
    console.log(
      `  in Redis ${decisions.toFixed(0)}/s, bare PING ${pings.toFixed(0)}/s: ${(decisions / pings).toFixed(2)}×`,
    );
    await measure(limiter, warmUpMs);
    const base = await measure(limiter, partMs);
    print('base', base);
    server.freeze();
    const frozen = await measure(limiter, partMs);
    server.thaw();
    const thawed = await measure(limiter, partMs);
    await server.kill();
    const stopped = await measure(limiter, partMs);
    await server.restart();
    const restarted = await measure(limiter, partMs);
    print('frozen and after', [...frozen, ...thawed]);
    print('stopped and after', [...stopped, ...restarted]);
    const p99 = quantile([...frozen, ...thawed, ...stopped, ...restarted], 0.99);
    const ratio = p99 / quantile(base, 0.99);
    const isMet = ratio <= mostTimesBase;
    console.log(
      `  ${isMet ? 'met   ' : 'MISSED'} p99 over outages ÷ base: ${ratio.toFixed(2)} (target ≤ ${mostTimesBase})`,
    );
    return isMet;
  } finally {
    limiter.close();
    await redis.close();
    await server.stop();
  }
}

const policies = createRatePolicies();
const callers = 500;

/** The charges of one of many callers, on a plan that refuses none of them. */
function chargesOf(call: number) {
  const lineageId = `key_${call % callers}`;
  const caller = { kind: 'key', tenantId: `ten_${call % 50}`, lineageId, ip: '192.0.2.1', plan: 'pro' } as const;
  return policies.policiesFor({ caller, rateClass: 'lookup' });
}

async function cpuOf(limiter: RateLimiter): Promise<number> {
  let next = 0;
  const work = async (until: number) => {
    while (next < until) await limiter.decide(chargesOf(next++));
  };
  await work(cpuDecisions / 4);
  const first = next;
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: concurrency }, () => work(first + cpuDecisions)));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (next - first);
}

/** How many a second are done, 16 at a time: the median of rounds. */
async function rateOf(work: (n: number) => Promise<unknown>): Promise<number> {
  const rates: number[] = [];
  for (let round = -1; round < 5; round++) {
    let next = 0;
    const begun = performance.now();
    const worker = async () => {
      while (next < cpuDecisions / 4) await work(next++);
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    if (round >= 0) rates.push((next * 1_000) / (performance.now() - begun));
  }
  return quantile(rates, 0.5);
}

/** ms of each decision, at a constant arrival rate. */
async function measure(limiter: RateLimiter, forMs: number): Promise<number[]> {
  const latencies: number[] = [];
  const pending: Promise<void>[] = [];
  const begun = performance.now();
  let sent = 0;
  const decide = async () => {
    const start = performance.now();
    await limiter.decide(chargesOf(sent));
    latencies.push(performance.now() - start);
  };
  for (; performance.now() - begun < forMs; await setTimeout(1)) {
    for (const due = ((performance.now() - begun) / 1_000) * perSecond; sent < due; sent += 1) pending.push(decide());
  }
  await Promise.all(pending);
  return latencies;
}

function print(name: string, latencies: readonly number[]): void {
  const at = (share: number) => quantile(latencies, share).toFixed(2);
  console.log(`  ${name.padEnd(18)} p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)} ms of ${latencies.length}`);
}
