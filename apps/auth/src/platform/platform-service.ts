import type { WithIdempotency } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import type { ServiceHandlers } from '@universal-api/protos';
import { PlatformService } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import type { AuthTables } from '../store/auth-tables.ts';
import { changeTenant, makeTenant, resumeTenant, suspendTenant, type PlatformParts } from './change-tenant.ts';
import { listTenants, listUsers, type ListPlatformParts } from './list-platform.ts';

type Handlers = ServiceHandlers<typeof PlatformService, CallContext>;

/** What the service works with: the union of what its RPCs need, and the rows that others make. */
export interface PlatformServiceParts extends PlatformParts, ListPlatformParts {
  readonly once: WithIdempotency<AuthTables>;
  readonly signingKeys: Pick<Handlers, 'listSigningKeys' | 'rotateSigningKeys'>;
  readonly logLevels: Pick<Handlers, 'setLogLevel'>;
}

const { createTenant } = PlatformService.method;

/** `uapi.auth.v1.PlatformService`, one row per RPC; no logic. */
export function platformService(parts: PlatformServiceParts): Handlers {
  return {
    listTenants: listTenants(parts),
    createTenant: (request, context) =>
      parts.once({ method: createTenant, request, context }, (tx, heard) => makeTenant(parts, tx, request, heard)),
    changeTenant: changeTenant(parts),
    suspendTenant: suspendTenant(parts),
    resumeTenant: resumeTenant(parts),
    listUsers: listUsers(parts),
    ...parts.signingKeys,
    ...parts.logLevels,
  };
}
