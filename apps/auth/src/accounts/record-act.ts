import type { Transaction } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import { toPublicId } from '@universal-api/ids';
import type { AuditEntry, RecordAudit } from '../audit/audit-entry.ts';

/** Something that a person did with their own account. */
export interface AccountAct {
  readonly tenantId: string;
  readonly userId: string;
  readonly action: string;
  readonly diff?: AuditEntry['diff'];
}

/** Puts it on the chain, with where the call came from; last in its transaction. */
export async function recordAct<Tables>(
  recordAudit: RecordAudit,
  tx: Transaction<Tables>,
  { principal, requestId }: CallContext,
  { tenantId, userId, action, diff }: AccountAct,
): Promise<void> {
  await recordAudit(tx, {
    tenantId,
    actor: userId,
    actorKind: 'user',
    action,
    object: toPublicId('user', userId),
    outcome: 'ok',
    requestId,
    ...(principal.cip === undefined ? {} : { address: principal.cip }),
    ...(diff === undefined ? {} : { diff }),
  });
}
