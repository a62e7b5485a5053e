import {
  callerPolicies,
  defaultPolicies,
  isRateClass,
  planMultipliers,
  rateClasses,
  type Plan,
  type Rate,
  type RateOverrides,
} from '@universal-api/limits';

/** Where the value of a policy comes from. */
export type PolicySource = 'default' | 'plan' | 'installation' | 'tenant' | 'key';

/** Whose bucket a policy charges. */
export type PolicyPartition = 'ip' | 'key' | 'user' | 'tenant';

/** A policy as it holds. */
export interface EffectivePolicy extends Rate {
  readonly policy: string;
  readonly source: PolicySource;
  readonly partition: PolicyPartition;
}

/** Own values by policy, calls in a window. */
export type OwnLimits = Readonly<Record<string, number>>;

/** Whose policies are asked for. */
export interface PolicyHolder {
  readonly kind: 'key' | 'user';
  readonly plan: Plan;
  /** Of the installation, before the plan multiplies them. */
  readonly installation: RateOverrides;
  readonly tenant: OwnLimits;
  readonly key: OwnLimits;
}

/** What a plan gives for a policy, `q` infinite on plan `unlimited`; undefined: it is no policy that plans multiply. Pure. */
export function planRate(policy: string, plan: Plan, installation: RateOverrides): Rate | undefined {
  const base = installation[policy] ?? defaultPolicies()[policy];
  if (!base || !isPlanned(policy)) return undefined;
  return { q: base.q * planMultipliers[plan], windowS: base.windowS };
}

/** Whether plans multiply a policy, and tenants may set it: those of keys, users, tenants and classes. */
export function isPlanned(policy: string): boolean {
  if (policy === 'ip-min') return false;
  if (Object.hasOwn(callerPolicies, policy)) return true;
  const end = policy.lastIndexOf('-');
  return isRateClass(policy.slice(0, end)) && Object.hasOwn(defaultPolicies(), policy);
}

/** The names of the policies that hold for a key or a user, of one class or of all. Pure. */
export function policiesOf(kind: PolicyHolder['kind'], rateClass?: string): readonly string[] {
  const classes = rateClass === undefined ? Object.keys(rateClasses) : [rateClass];
  const known = defaultPolicies();
  const ofClasses = classes
    .flatMap((name) => [`${name}-min`, `${name}-hour`])
    .filter((policy) => Object.hasOwn(known, policy));
  return [`${kind}-min`, 'tenant-min', 'tenant-hour', ...ofClasses];
}

/**
 * A policy as it holds: the key's own value, else the tenant's, else the plan's; never above what the plan gives. Undefined: on
 * this plan, and without an own value, it does not hold. Pure.
 */
export function effectivePolicy(policy: string, holder: PolicyHolder): EffectivePolicy | undefined {
  const { plan, installation, tenant, key, kind } = holder;
  const given = planRate(policy, plan, installation);
  if (!given) return undefined;
  const partition = partitionOf(policy, kind);
  const own = key[policy] ?? tenant[policy];
  if (own !== undefined && own <= given.q) {
    return { ...given, policy, q: own, source: key[policy] === undefined ? 'tenant' : 'key', partition };
  }
  if (given.q === Number.POSITIVE_INFINITY) return undefined;
  const source = installation[policy] ? 'installation' : planMultipliers[plan] === 1 ? 'default' : 'plan';
  return { ...given, policy, source, partition };
}

/** Whose bucket a policy charges, for a key or a user. Pure. */
export function partitionOf(policy: string, kind: PolicyHolder['kind']): PolicyPartition {
  if (policy === 'tenant-min' || policy === 'tenant-hour') return 'tenant';
  const name = policy.slice(0, policy.lastIndexOf('-'));
  return isRateClass(name) && 'byIp' in rateClasses[name] ? 'ip' : kind;
}
