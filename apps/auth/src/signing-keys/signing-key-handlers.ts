import type { CallContext } from '@universal-api/grpc';
import { systemTenantId } from '@universal-api/ids';
import { timestampFromDate, type MessageInitShape, type ServiceHandlers } from '@universal-api/protos';
import type { ListSigningKeysResponseSchema, PlatformService } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import { auditBy } from '../access/audit-by.ts';
import type { RecordAudit } from '../audit/audit-entry.ts';
import type { SigningKeyRow } from './signing-key.ts';
import type { SigningKeys } from './signing-keys.ts';

type Answer = MessageInitShape<typeof ListSigningKeysResponseSchema>;

/** What of `PlatformService` concerns signing keys. A rotation is in the chain of the platform. */
export function signingKeyHandlers(parts: {
  readonly signingKeys: SigningKeys;
  readonly recordAudit: RecordAudit;
}): Pick<ServiceHandlers<typeof PlatformService, CallContext>, 'listSigningKeys' | 'rotateSigningKeys'> {
  const { signingKeys, recordAudit } = parts;
  return {
    listSigningKeys: async () => toAnswer(await signingKeys.list()),
    rotateSigningKeys: async (_request, context) => {
      const entry = { action: 'auth.signing_key.rotated', object: 'signing-keys', outcome: 'ok' } as const;
      const keys = await signingKeys.rotate((tx) =>
        recordAudit(tx, { ...auditBy(context), ...entry, tenantId: systemTenantId }),
      );
      return toAnswer(keys);
    },
  };
}

function toAnswer(keys: readonly SigningKeyRow[]): Answer {
  return { keys: keys.map(toMessage) };
}

function toMessage(key: SigningKeyRow): NonNullable<Answer['keys']>[number] {
  const times = {
    publishAt: key.publish_at,
    useFrom: key.use_from,
    useUntil: key.use_until,
    dropAt: key.drop_at,
  };
  const given = Object.entries(times).flatMap(([name, at]) => (at === null ? [] : [[name, timestampFromDate(at)]]));
  return { kid: key.kid, alg: key.alg, state: key.state, ...Object.fromEntries(given) };
}
