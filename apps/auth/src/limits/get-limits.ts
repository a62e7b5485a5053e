import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { isRateClass, toIpPartition, type Charge, type PolicyState } from '@universal-api/limits';
import type { MessageInitShape } from '@universal-api/protos';
import type {
  GetLimitsRequest,
  GetLimitsResponseSchema,
  LimitPolicySchema,
} from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import { effectivePolicy, policiesOf, type EffectivePolicy, type PolicyHolder } from './policies/effective-policies.ts';
import { keyLimits, planOf, tenantLimits, type LimitParts } from './limit-parts.ts';

type Answer = MessageInitShape<typeof GetLimitsResponseSchema>;

/**
 * The policies that hold for the caller and where each value comes from; plan `unlimited` has only own ones. How the buckets stand is
 * said where the gateways share them. Errors: `invalid_request` for an unknown class.
 */
export function getLimits(parts: LimitParts): (request: GetLimitsRequest, context: CallContext) => Promise<Answer> {
  return async ({ rateClass }, context) => {
    if (rateClass !== undefined && !isRateClass(rateClass)) {
      throw new AppError('invalid_request', { errors: [{ field: 'rate_class', rule: 'a known class' }] });
    }
    const holder = await readHolder(parts, context);
    const policies = policiesOf(holder.kind, rateClass).flatMap((policy) => effectivePolicy(policy, holder) ?? []);
    const states = await lookAt(parts, policies, context);
    return { plan: holder.plan, policies: policies.map((policy, index) => toMessage(policy, states[index])) };
  };
}

function readHolder({ database, rateOverrides }: LimitParts, context: CallContext): Promise<PolicyHolder> {
  const { principal } = context;
  return database.transaction(principal.tid, async (tx) => ({
    kind: principal.key === undefined ? 'user' : 'key',
    plan: await planOf(tx, principal.tid),
    installation: rateOverrides,
    tenant: await tenantLimits(tx, principal.tid),
    key: await keyLimits(tx, context),
  }));
}

/** A charge of nothing shows how a bucket stands. */
async function lookAt(
  { buckets }: LimitParts,
  policies: readonly EffectivePolicy[],
  { principal }: CallContext,
): Promise<readonly PolicyState[]> {
  if (!buckets || policies.length === 0) return [];
  const charges = policies.map(({ policy, partition, q, windowS }): Charge => {
    const looked = { policy, q, windowS, cost: 0 };
    if (partition === 'ip') return { ...looked, partition: toIpPartition(principal.cip ?? '') };
    const whose = { tenant: principal.tid, key: principal.key ?? '', user: principal.sub }[partition];
    return { ...looked, partition: whose, tenant: principal.tid };
  });
  return (await buckets.decide(charges)).policies;
}

const usPerS = 1_000_000;

/** A policy as the message says it. */
export function toMessage(
  { policy, q, windowS, source, partition }: EffectivePolicy,
  state?: PolicyState,
): MessageInitShape<typeof LimitPolicySchema> {
  const stands = state && { r: Math.max(0, state.r), t: Math.ceil(state.t / usPerS) };
  return { policy, q, windowS, source, partition, ...stands };
}
