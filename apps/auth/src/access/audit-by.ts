import type { CallContext } from '@universal-api/grpc';
import type { AuditEntry } from '../audit/audit-entry.ts';

/** Who did it and from where, for an entry of the audit log; the tenant is the caller's own. */
export type AuditBy = Pick<AuditEntry, 'tenantId' | 'actor' | 'actorKind' | 'requestId' | 'address'>;

/** The part of an audit entry that a call says of itself. A key is named by its lineage, the UUID of its first key. */
export function auditBy({ principal, requestId }: Pick<CallContext, 'principal' | 'requestId'>): AuditBy {
  return {
    tenantId: principal.tid,
    ...actorOf(principal),
    requestId,
    ...(principal.cip === undefined ? {} : { address: principal.cip }),
  };
}

function actorOf(principal: CallContext['principal']): Pick<AuditEntry, 'actor' | 'actorKind'> {
  if (principal.typ === 'anonymous') return { actor: 'anonymous', actorKind: 'anonymous' };
  if (principal.typ === 'system')
    return { actor: principal.sub, actorKind: principal.sub.startsWith('cli:') ? 'cli' : 'system' };
  return principal.key === undefined
    ? { actor: principal.sub, actorKind: 'user' }
    : { actor: principal.key, actorKind: 'key' };
}
