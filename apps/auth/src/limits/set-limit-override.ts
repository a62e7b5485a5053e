import { sql } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import type { MessageInitShape } from '@universal-api/protos';
import type { LimitPolicySchema, SetLimitOverrideRequest } from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import { auditBy } from '../access/audit-by.ts';
import { effectivePolicy, isPlanned, partitionOf, planRate } from './policies/effective-policies.ts';
import { toMessage } from './get-limits.ts';
import { planOf, tenantLimits, type LimitParts } from './limit-parts.ts';

type Answer = MessageInitShape<typeof LimitPolicySchema>;

/**
 * Another value of a policy for the whole tenant, or none again; for keys it holds within the life of cached ones, 5 s, for people
 * with their next access token. Up to what the plan gives: more is another plan.
 *
 * Errors: `invalid_request` for a policy that no tenant may set (those around logins, and by address), and for a value above what
 * the plan gives.
 */
export function setLimitOverride(
  parts: LimitParts,
): (request: SetLimitOverrideRequest, context: CallContext) => Promise<Answer> {
  const { database, rateOverrides: installation, recordAudit } = parts;
  return async ({ policy = '', q = 0 }, context) => {
    const { tid } = context.principal;
    if (!isPlanned(policy)) throw refused('policy', 'a policy that tenants may set');
    return database.transaction(tid, async (tx) => {
      const plan = await planOf(tx, tid);
      const given = planRate(policy, plan, installation);
      if (given && q > given.q) throw refused('q', `at most ${given.q}, which plan ${plan} gives`);
      const before = (await tenantLimits(tx, tid))[policy];
      if (q === 0) {
        await tx.deleteFrom('limit_overrides').where('tenant_id', '=', tid).where('policy', '=', policy).execute();
      } else {
        await sql`INSERT INTO limit_overrides (tenant_id, policy, q) VALUES (${tid}, ${policy}, ${q})
          ON CONFLICT (tenant_id, policy) DO UPDATE SET q = excluded.q, set_at = excluded.set_at`.execute(tx);
      }
      const tenant = await tenantLimits(tx, tid);
      await recordAudit(tx, {
        ...auditBy(context),
        action: 'limits.override_set',
        object: policy,
        outcome: 'ok',
        diff: { q: q === 0 ? 'none' : String(q), before: before === undefined ? 'none' : String(before) },
      });
      const kind = policy === 'user-min' ? 'user' : 'key';
      const holds = effectivePolicy(policy, { kind, plan, installation, tenant, key: {} });
      if (holds) return toMessage(holds);
      return { policy, q: 0, windowS: given?.windowS ?? 0, source: 'plan', partition: partitionOf(policy, kind) };
    });
  };
}

function refused(field: string, rule: string): AppError {
  return new AppError('invalid_request', { errors: [{ field, rule }] });
}
