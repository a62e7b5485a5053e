import { auditRecorded, PoisonRecord, readPayload, type Event, type Subscription } from '@universal-api/events';
import { systemTenantId } from '@universal-api/ids';
import type { AuthTables } from '../store/auth-tables.ts';
import { actorKinds, outcomes, type AuditEntry } from './audit-entry.ts';
import { recordAt } from './record-audit.ts';

/**
 * The group that puts what other services did on the chains of their tenants, once each, by role `auth_ingest`. A row has the
 * time of the change, its place in the chain is that of its coming.
 */
export function takeInAudit(): Subscription<AuthTables> {
  return {
    group: 'auth.audit',
    topics: [auditRecorded.topic],
    async handle(tx, events) {
      for (const event of inOrderOfChains(events)) await recordAt(tx, toEntry(event));
    },
  };
}

/**
 * Chain after chain, the platform's last, as everybody takes their locks: so nobody waits for each other. Within a chain in the
 * order of the events.
 */
function inOrderOfChains(events: readonly Event[]): readonly Event[] {
  const place = ({ tenantId }: Event) => (tenantId === systemTenantId ? 'platform' : tenantId);
  return events
    .filter(({ type, version }) => type === auditRecorded.name && version === auditRecorded.version)
    .toSorted((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

function toEntry(event: Event): AuditEntry & { readonly at: Date } {
  const data = readPayload(auditRecorded, event);
  const actorKind = actorKinds.find((kind) => kind === data.actorKind);
  const outcome = outcomes.find((word) => word === data.outcome);
  if (!actorKind || !outcome || data.actor === '')
    throw new PoisonRecord('schema_invalid', 'who did it, or how it ended, is none of the words there are');
  return {
    tenantId: event.tenantId,
    at: event.time,
    actor: data.actor,
    actorKind,
    action: data.action,
    object: data.object,
    outcome,
    reason: data.reason,
    address: data.ipPrefix,
    diff: data.diff,
    ...(event.correlationId === undefined ? {} : { requestId: event.correlationId }),
  };
}
