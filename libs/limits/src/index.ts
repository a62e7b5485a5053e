export { decideCharges, refundedTat, type DecidedCharges, type RefundedCharge } from './decide-charges.ts';
export { toIpPartition } from './ip-partition.ts';
export {
  createRatePolicies,
  type OwnLimits,
  type RateCaller,
  type RatedCall,
  type RatePolicies,
} from './policies-for.ts';
export {
  accountPolicies,
  callerPolicies,
  defaultPolicies,
  isPlan,
  isRateClass,
  planMultipliers,
  rateClasses,
  type Plan,
  type Rate,
  type RateClass,
} from './policy-table.ts';
export type { Charge, Decision, PolicyState, RateLimiter } from './rate-limiter.ts';
export { createMemoryRateLimiter, hrtimeUs, type MemoryRateLimiterOptions } from './rate-limiter.memory.ts';
export { createRedisRateLimiter, type RedisRateLimiter, type RedisRateLimiterOptions } from './rate-limiter.redis.ts';
export { parseRateOverrides, rateVariableOf, type RateOverrideProblem, type RateOverrides } from './rate-overrides.ts';
export {
  carriesRateLimitHeaders,
  joinRateLimitHeaders,
  toRateLimitHeaders,
  type RateLimitHeaders,
} from './ratelimit-headers-draft-10.ts';
