export { checkEvictionPolicy } from './check-eviction-policy.ts';
export { createOutageBreaker, type OutageBreaker, type OutageBreakerOptions } from './create-outage-breaker.ts';
export { defineScript, type LuaScript } from './lua-script.ts';
export { openRedis, type OpenRedisOptions } from './open-redis.ts';
export { readMemory, type RedisMemory } from './read-memory.ts';
export type { Redis } from './redis.ts';
export { isRedisFailure, RedisFailure, type RedisFailureKind } from './redis-failure.ts';
