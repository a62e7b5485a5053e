import { planMultipliers, type Plan, type RateOverrides } from '@universal-api/limits';
import { planRate } from './effective-policies.ts';

/** A policy that refused. */
export interface RefusedBy {
  readonly policy: string;
  readonly q: number;
  readonly windowS: number;
  readonly cost: number;
  readonly debtS: number;
}

/** Every plan, the least first. */
export const allPlans = Object.keys(planMultipliers) as readonly Plan[];

/**
 * Whether the same call after the same calls would have passed under a plan: every policy that refused has room for the units in
 * use and those asked for. A value that no plan gives is the tenant's or a key's own, and no larger plan lifts it. Pure.
 */
export function wouldPass(refused: readonly RefusedBy[], plan: Plan, installation: RateOverrides): boolean {
  return refused.every(({ policy, q, windowS, cost, debtS }) => {
    const given = planRate(policy, plan, installation);
    if (!given) return false;
    const isOwn = allPlans.every((other) => planRate(policy, other, installation)?.q !== q);
    return Math.ceil((debtS * q) / windowS) + cost <= (isOwn ? Math.min(q, given.q) : given.q);
  });
}
