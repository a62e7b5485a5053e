import { AuditRecordedSchema } from '@universal-api/protos/gen/uapi/events/v1/auth_pb';
import { defineEvent } from './define-event.ts';

/**
 * Something that the audit log has to know was done in another service than `auth`; appended in the transaction of the change,
 * with the request as `correlationId`. Group `auth.audit` puts it on the chain of its tenant, once.
 */
export const auditRecorded = defineEvent({
  name: 'audit.recorded',
  version: 1,
  topic: 'uapi.auth.v1',
  messageSchema: AuditRecordedSchema,
  durability: 'tx',
  ordered: false,
  visibility: 'tenant',
  deliverable: false,
  sensitive: true,
  example: {
    actor: '0190b5c2-7a10-7000-8000-00000000000c',
    actorKind: 'user',
    action: 'webhook.endpoint.created',
    object: 'ep_0190b5c2-7a10-7000-8000-00000000000d',
    outcome: 'ok',
    reason: '',
    ipPrefix: '198.51.100.0/24',
    diff: { name: 'orders', secret: '' },
  },
});
