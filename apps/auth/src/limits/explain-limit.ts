import { AppError } from '@universal-api/errors';
import type { CallContext } from '@universal-api/grpc';
import { timestampFromDate, type MessageInitShape } from '@universal-api/protos';
import type { ExplainLimitRequest, ExplainLimitResponseSchema } from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import { sql } from '@universal-api/database';
import type { LimitParts } from './limit-parts.ts';
import { allPlans, wouldPass } from './policies/would-pass.ts';

type Answer = MessageInitShape<typeof ExplainLimitResponseSchema>;

/**
 * Why a call of the last 24 hours was refused: the last one of this id, if there were several. It is known some moments after the
 * refusal. Errors: `not_found` for a call that was not refused, is not known yet or any more, or is somebody else's.
 */
export function explainLimit(
  parts: LimitParts,
): (request: ExplainLimitRequest, context: CallContext) => Promise<Answer> {
  return async ({ requestId = '' }, { principal: { tid } }) => {
    const rows = await parts.database.transaction(tid, (tx) =>
      tx
        .selectFrom('limit_refusals')
        .selectAll()
        .where('tenant_id', '=', tid)
        .where('request_id', '=', requestId)
        .where(sql<boolean>`at > now() - interval '24 hours'`)
        .orderBy('at', 'desc')
        .orderBy('policy')
        .execute(),
    );
    const last = rows.filter(({ call_id: callId }) => callId === rows[0]?.call_id);
    const [first] = last;
    if (!first) throw new AppError('not_found', { detail: 'No call of this id was refused in the last 24 hours.' });
    const policies = last.map(({ policy, q, window_s: windowS, cost, debt_s: debtS, slots }) => ({
      ...{ policy, q, windowS, cost, debtS },
      slots: slots.map(timestampFromDate),
    }));
    return {
      requestId,
      at: timestampFromDate(first.at),
      policies,
      wouldPass: Object.fromEntries(allPlans.map((plan) => [plan, wouldPass(policies, plan, parts.rateOverrides)])),
    };
  };
}
