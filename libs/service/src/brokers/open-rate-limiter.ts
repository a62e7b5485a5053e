import { createMemoryRateLimiter, createRedisRateLimiter, hrtimeUs, type RateLimiter } from '@universal-api/limits';
import type { Redis } from '@universal-api/redis';
import type { Metrics } from '@universal-api/telemetry';
import type { Dependency } from '../deep/dependency.ts';
import { redisDependency } from '../deep/probe-redis.ts';
import type { Host } from '../host.ts';
import type { OwnedParts } from '../owned-parts.ts';
import type { Readiness } from '../readiness.ts';
import type { RedisAccess } from './broker-variables.ts';
import { openRedisFor } from './open-redis-for.ts';

/** What a limiter is opened with. */
export interface RateLimiterParts {
  /** Whose it is, such as `gateway`: for the log. */
  readonly app: string;
  readonly host: Host;
  readonly owned: OwnedParts;
  readonly readiness: Pick<Readiness, 'add'>;
  /** Processes that count the same limits, this one included; 1 where there is only one. */
  readonly liveGateways: () => number;
}

/** A limiter, and what deep health asks of it. */
export interface OpenedRateLimiter {
  readonly limiter: RateLimiter;
  readonly standsOn: readonly Dependency[];
}

const gaugeName = 'uapi_ratelimit_degraded';
const gaugeHelp =
  'Whether limits are counted by this process alone, by its share: 1 while Redis is in trouble, or where there is none and ' +
  'several gateways live; else 0.';

/**
 * The limiter of an app. With Redis all processes count together, and while Redis is in trouble each decides by its own share;
 * without, each counts for itself. The gauge `uapi_ratelimit_degraded` says so, a switch also one log line (platform.md 2.5).
 * Errors: `service_unavailable` for a Redis that evicts keys.
 */
export async function openRateLimiter(
  access: RedisAccess | undefined,
  parts: RateLimiterParts,
): Promise<OpenedRateLimiter> {
  const { app, host, owned, readiness, liveGateways } = parts;
  if (!access) {
    const tell = tellDegraded(host.metrics, parts);
    const limiter = createMemoryRateLimiter({
      nowUs: hrtimeUs,
      liveGateways() {
        const count = liveGateways();
        tell(count > 1);
        return count;
      },
    });
    return { limiter, standsOn: [] };
  }
  const name = app === 'gateway' ? 'limits' : `limits ${app}`;
  const redis = await openRedisFor(access, { name, host, owned, readiness });
  return { limiter: openRedisLimits(redis, access, parts), standsOn: [redisDependency(redis, access.prefix)] };
}

/** The limiter over an open connection of its own. */
function openRedisLimits(redis: Redis, { prefix, timeoutMs }: RedisAccess, parts: RateLimiterParts): RateLimiter {
  const { app, host, owned, liveGateways } = parts;
  const log = host.log.part(app);
  const tell = tellDegraded(host.metrics, parts);
  return owned.own(
    'limits in Redis',
    createRedisRateLimiter({
      redis,
      prefix,
      timeoutMs,
      liveGateways,
      nowUs: hrtimeUs,
      onDegraded(isDegraded, failure) {
        tell(isDegraded);
        if (isDegraded) log.warn('limits are counted by each process alone', { err: failure });
        else log.info('limits are counted by all processes together again');
      },
    }),
  );
}

/** Which limiters of a process are degraded: apps that share a process share its gauge, and one of them is enough for 1. */
const degradedOf = new WeakMap<Metrics, Set<object>>();

function tellDegraded(metrics: Metrics, who: object): (isDegraded: boolean) => void {
  const gauge = metrics.gauge(gaugeName, gaugeHelp);
  const degraded = degradedOf.get(metrics) ?? new Set();
  degradedOf.set(metrics, degraded);
  gauge.set(degraded.size > 0 ? 1 : 0);
  let last = false;
  return (isDegraded) => {
    if (isDegraded === last) return;
    last = isDegraded;
    if (isDegraded) degraded.add(who);
    else degraded.delete(who);
    gauge.set(degraded.size > 0 ? 1 : 0);
  };
}
