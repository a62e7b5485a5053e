import type { CallContext } from '@universal-api/grpc';
import type { ServiceHandlers } from '@universal-api/protos';
import type { LimitService } from '@universal-api/protos/gen/uapi/auth/v1/limits_pb';
import { explainLimit } from './explain-limit.ts';
import { getLimits } from './get-limits.ts';
import type { LimitParts } from './limit-parts.ts';
import { listLedger } from './list-ledger.ts';
import { listQuotas } from './list-quotas.ts';
import { setBudget } from './set-budget.ts';
import { setLimitOverride } from './set-limit-override.ts';

/** `uapi.auth.v1.LimitService`, one row per RPC; no logic. */
export function limitService(parts: LimitParts): ServiceHandlers<typeof LimitService, CallContext> {
  return {
    getLimits: getLimits(parts),
    explainLimit: explainLimit(parts),
    setLimitOverride: setLimitOverride(parts),
    listQuotas: listQuotas(parts),
    listLedger: listLedger(parts),
    setBudget: setBudget(parts),
  };
}
