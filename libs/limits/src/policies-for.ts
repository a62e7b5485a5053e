import { AppError } from '@universal-api/errors';
import {
  callerPolicies,
  isRateClass,
  planMultipliers,
  policiesOfClass,
  rateClasses,
  type ClassRates,
  type Plan,
  type Rate,
} from './policy-table.ts';
import type { RateOverrides } from './rate-overrides.ts';
import type { Charge } from './rate-limiter.ts';

/** A caller's own units by policy: they lower what the plan gives, and never raise it. */
export type OwnLimits = Readonly<Record<string, number>>;

/**
 * The caller, as far as the buckets care. `ip` is a partition (`toIpPartition`), not a raw address; `limits` is the same object for
 * as long as it says the same, since what follows from it is worked out once.
 */
export type RateCaller =
  | { readonly kind: 'anonymous'; readonly ip: string }
  | {
      readonly kind: 'key';
      readonly tenantId: string;
      readonly lineageId: string;
      readonly ip: string;
      readonly plan: Plan;
      readonly limits?: OwnLimits | undefined;
    }
  | {
      readonly kind: 'user';
      readonly tenantId: string;
      readonly userId: string;
      readonly ip: string;
      readonly plan: Plan;
      readonly limits?: OwnLimits | undefined;
    };

/** One call that wants in. */
export interface RatedCall {
  readonly caller: RateCaller;
  /** Class of the method; empty: only the policies of the caller. */
  readonly rateClass: string;
  /** Units; 1 unless told. */
  readonly cost?: number;
}

/** Which buckets a call is charged to. */
export interface RatePolicies {
  /** The charge at the edge, before the caller is known (platform.md 2.1). */
  edgeCharge(ip: string): Charge;
  /**
   * The charges of one decision once the caller is known: `key-min` or `user-min`, the tenant's two, the class's. An
   * anonymous caller has the class's alone, by IP, on plan `free`; plan `unlimited` has none but those that its limits name.
   * Errors: `internal` for a class that does not exist.
   */
  policiesFor(call: RatedCall): Charge[];
}

type Partition = 'caller' | 'tenant' | 'ip';
interface Template extends Rate {
  readonly policy: string;
  readonly partition: Partition;
}

/** The policy table with an installation's overrides; what does not depend on the single caller is worked out once. */
export function createRatePolicies(overrides: RateOverrides = {}): RatePolicies {
  const templates = new Map<string, readonly Template[]>();
  const lowered = new WeakMap<OwnLimits, Map<string, readonly Template[]>>();
  const rateOf = (policy: string, rate: Rate) => overrides[policy] ?? rate;
  const ipMin = { policy: 'ip-min', ...rateOf('ip-min', callerPolicies['ip-min']), cost: 1 };

  function templatesFor({ caller, rateClass }: RatedCall): readonly Template[] {
    const plan = caller.kind === 'anonymous' ? 'free' : caller.plan;
    const limits = caller.kind === 'anonymous' ? undefined : caller.limits;
    const name = `${caller.kind} ${plan} ${rateClass}`;
    const shelf = limits ? shelfOf(limits) : templates;
    const known = shelf.get(name);
    if (known) return known;
    const made = makeTemplates({ kind: caller.kind, plan, rateClass, limits }, rateOf);
    shelf.set(name, made);
    return made;
  }
  function shelfOf(limits: OwnLimits): Map<string, readonly Template[]> {
    const shelf = lowered.get(limits) ?? new Map<string, readonly Template[]>();
    lowered.set(limits, shelf);
    return shelf;
  }
  return {
    edgeCharge: (ip) => ({ ...ipMin, partition: ip }),
    policiesFor(call) {
      const { caller, cost = 1 } = call;
      const ofCaller = callerPartition(caller);
      const tenant = caller.kind === 'anonymous' ? undefined : caller.tenantId;
      return templatesFor(call).map(({ policy, partition, q, windowS }) => {
        // An address is counted for all tenants together.
        if (partition === 'ip' || tenant === undefined) return { policy, partition: caller.ip, q, windowS, cost };
        return { policy, partition: partition === 'tenant' ? tenant : ofCaller, tenant, q, windowS, cost };
      });
    },
  };
}

interface RatedKind {
  readonly kind: RateCaller['kind'];
  readonly plan: Plan;
  readonly rateClass: string;
  readonly limits: OwnLimits | undefined;
}

function makeTemplates(
  { kind, plan, rateClass, limits = {} }: RatedKind,
  rateOf: (policy: string, rate: Rate) => Rate,
): readonly Template[] {
  if (rateClass !== '' && !isRateClass(rateClass)) {
    throw new AppError('internal', { internal: `no such rate class: ${rateClass}` });
  }
  const multiplier = planMultipliers[plan];
  const made: Template[] = [];
  const add = (policy: string, rate: Rate, partition: Partition) => {
    const { q, windowS } = rateOf(policy, rate);
    const own = Object.hasOwn(limits, policy) ? Math.max(limits[policy] ?? Infinity, 1) : Infinity;
    const least = Math.min(q * multiplier, own);
    if (least < Infinity) made.push({ policy, partition, q: least, windowS });
  };
  if (rateClass !== '') {
    const { byIp }: ClassRates = rateClasses[rateClass];
    for (const [policy, rate] of Object.entries(policiesOfClass(rateClass))) add(policy, rate, byIp ? 'ip' : 'caller');
  }
  if (kind !== 'anonymous') {
    const own = kind === 'key' ? 'key-min' : 'user-min';
    add(own, callerPolicies[own], 'caller');
    add('tenant-min', callerPolicies['tenant-min'], 'tenant');
    add('tenant-hour', callerPolicies['tenant-hour'], 'tenant');
  }
  return made;
}

function callerPartition(caller: RateCaller): string {
  if (caller.kind === 'key') return caller.lineageId;
  return caller.kind === 'user' ? caller.userId : caller.ip;
}
