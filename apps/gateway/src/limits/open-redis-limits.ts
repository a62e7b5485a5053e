import { createRedisRateLimiter, hrtimeUs, type RateLimiter } from '@universal-api/limits';
import type { Redis } from '@universal-api/redis';
import type { Host, OwnedParts, RedisAccess } from '@universal-api/service';

/** What the shared limiter needs. */
export interface RedisLimitsParts {
  readonly redis: Redis;
  readonly access: RedisAccess;
  readonly host: Host;
  readonly owned: OwnedParts;
  /** Gateways alive, this one included. */
  readonly liveGateways: () => number;
}

/**
 * The limiter that all gateways share. While Redis is in trouble each decides by its own share, and the gauge
 * `uapi_ratelimit_degraded` and one log line say so (platform.md 2.5).
 */
export function openRedisLimits({ redis, access, host, owned, liveGateways }: RedisLimitsParts): RateLimiter {
  const { prefix, timeoutMs } = access;
  const log = host.log.part('gateway');
  const degraded = host.metrics.gauge(
    'uapi_ratelimit_degraded',
    'Whether limits are counted by this gateway alone, because Redis is in trouble: 1 or 0.',
  );
  degraded.set(0);
  return owned.own(
    'limits in Redis',
    createRedisRateLimiter({
      redis,
      prefix,
      timeoutMs,
      liveGateways,
      nowUs: hrtimeUs,
      onDegraded(isDegraded, failure) {
        degraded.set(isDegraded ? 1 : 0);
        if (isDegraded) log.warn('limits are counted by each gateway alone', { err: failure });
        else log.info('limits are counted by all gateways together again');
      },
    }),
  );
}
