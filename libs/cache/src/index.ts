export type { Cache, CacheEntry } from './cache.ts';
export { createMemoryCache, type MemoryCacheOptions } from './cache.memory.ts';
export {
  createRedisCache,
  type NotKept,
  type RedisCache,
  type RedisCacheOptions,
  type RedisCacheState,
} from './cache.redis.ts';
export {
  createCachedCall,
  type CachedAnswer,
  type CachedCall,
  type CachedCallRequest,
  type MadeValue,
} from './cached-call.ts';
export { estimateBytes } from './estimate-bytes.ts';
export { cacheClasses, freshForMs, isCacheClass, type CacheClass, type Freshness } from './fresh-for.ts';
export { createLruMap, type LruMap, type LruMapOptions } from './lru-map.ts';
