import { createRedisCache, type RedisCache } from '@universal-api/cache';
import type { KeptAnswer } from '@universal-api/providers-router';
import { redisDependency, type Dependency, type Host, type OwnedParts, type RedisAccess } from '@universal-api/service';
import type { Redis } from '@universal-api/redis';

/** The cache of answers that all processes share, and its entry in deep health. */
export interface SharedCache {
  readonly cache: RedisCache<KeptAnswer>;
  readonly dependency: Dependency;
}

/** The cache over a connection of its own. Changes with the shape of an answer get a new number in its name. */
export function openSharedCache(
  redis: Redis,
  { prefix }: RedisAccess,
  { host, owned }: { readonly host: Host; readonly owned: OwnedParts },
): SharedCache {
  const log = host.log.part('search');
  const notKept = host.metrics.counter('uapi_cache_not_kept_total', 'Answers that the shared cache did not take.', [
    'reason',
  ]);
  const isAway = host.metrics.gauge('uapi_cache_degraded', 'Whether the shared cache is not asked: 1 or 0.');
  isAway.set(0);
  const cache = owned.own(
    'answers in Redis',
    createRedisCache<KeptAnswer>({
      redis,
      prefix,
      name: 'answers-1',
      clock: { now: host.now },
      onNotKept: (reason) => notKept.inc({ reason }),
      onOutage(isOut, failure) {
        isAway.set(isOut ? 1 : 0);
        if (isOut) log.warn('the shared cache is away and is not asked', { err: failure });
        else log.info('the shared cache is back');
      },
    }),
  );
  return { cache, dependency: redisDependency(redis, prefix) };
}
