import { AppError } from '@universal-api/errors';
import { systemTenantId } from '@universal-api/ids';
import {
  accountPolicies,
  toRateLimitHeaders,
  type Charge,
  type RateLimiter,
  type RateOverrides,
} from '@universal-api/limits';

/** A policy of single acts around accounts (platform.md 2.3). */
export type ActPolicy = keyof typeof accountPolicies;

/** What an act took; `giveBack` undoes it, once. */
export interface TakenAct {
  giveBack(): Promise<void>;
}

/** Limits of single acts around accounts. */
export interface ActLimits {
  /**
   * Takes one unit of each policy named, by partition, in one atomic decision. Errors: `quota_exceeded` with the policies and
   * the seconds to wait, with the headers that say how they stand; nothing is taken then.
   */
  take(partitions: Readonly<Partial<Record<ActPolicy, string>>>): Promise<TakenAct>;
  /**
   * Whether a refusal by these limits is to be told in the chain: once a minute for an account and for an address, so that whoever
   * is refused cannot fill it. Says yes once: the one who asked tells.
   */
  isToBeTold(account: string, address: string): Promise<boolean>;
}

/** What the limits are made of. */
export interface ActLimitsParts {
  readonly limiter: RateLimiter;
  /** `RL_*` of the installation; tenants cannot change these. */
  readonly overrides?: RateOverrides;
  /** Numbers from 0 up to 1, so that callers refused together do not come back together. */
  readonly random?: () => number;
}

/** The limits over a limiter. */
export function createActLimits({ limiter, overrides = {}, random = Math.random }: ActLimitsParts): ActLimits {
  const toCharge = ([policy, partition]: [string, string]): Charge => ({
    policy,
    partition,
    // Nobody is logged in yet: one tenant for all keeps the buckets of a decision together.
    tenant: systemTenantId,
    ...accountPolicies[policy as ActPolicy],
    ...overrides[policy],
    cost: 1,
  });
  const oncePerMinute = (policy: string, partition: string): Charge => {
    return { policy, partition, tenant: systemTenantId, q: 1, windowS: 60, cost: 1 };
  };
  return {
    async isToBeTold(account, address) {
      const charges = [oncePerMinute('told-account', account), oncePerMinute('told-ip', address)];
      return (await limiter.decide(charges)).admitted;
    },
    async take(partitions) {
      const charges = Object.entries(partitions).map(toCharge);
      const decision = await limiter.decide(charges);
      if (!decision.admitted) {
        const rates = toRateLimitHeaders([decision], random);
        throw new AppError('quota_exceeded', {
          retryAfterS: rates?.retryAfterS,
          violatedPolicies: decision.violated,
          ...(rates && { headers: { 'ratelimit-policy': rates.policy, ratelimit: rates.limit } }),
        });
      }
      let isTaken = true;
      return {
        async giveBack() {
          if (!isTaken) return;
          isTaken = false;
          await limiter.refund(charges, decision);
        },
      };
    },
  };
}
