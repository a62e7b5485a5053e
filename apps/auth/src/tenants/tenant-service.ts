import type { PageTokens, WithIdempotency } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import type { MessageShape, ServiceHandlers } from '@universal-api/protos';
import { TenantService, type InvitationSchema } from '@universal-api/protos/gen/uapi/auth/v1/tenants_pb';
import type { AuthTables } from '../store/auth-tables.ts';
import { deleteInvitation, listInvitations, makeInvitation, type InvitationParts } from './invitations.ts';
import { listMembers, removeMember, updateMember } from './members.ts';
import { getTenant, updateTenant } from './own-tenant.ts';
import { deleteProviderKey, getProviderKey, putProviderKey, type ProviderKeyParts } from './provider-keys.ts';

/** What the service works with: the union of what its RPCs need. */
export interface TenantServiceParts extends InvitationParts, ProviderKeyParts {
  readonly pages: PageTokens;
  readonly once: WithIdempotency<AuthTables>;
}

const { createInvitation } = TenantService.method;

/** A repeated call gets all but the link, which was in the first answer. */
function withoutLink({ link: _link, ...shown }: MessageShape<typeof InvitationSchema>) {
  return shown;
}

/** `uapi.auth.v1.TenantService`, one row per RPC; no logic. */
export function tenantService(parts: TenantServiceParts): ServiceHandlers<typeof TenantService, CallContext> {
  return {
    getTenant: getTenant(parts),
    updateTenant: updateTenant(parts),
    listMembers: listMembers(parts),
    updateMember: updateMember(parts),
    removeMember: removeMember(parts),
    listInvitations: listInvitations(parts),
    async createInvitation(request, context) {
      await parts.requireFreshProof(context);
      return parts.once({ method: createInvitation, request, context, redact: withoutLink }, (tx, heard) =>
        makeInvitation(parts, tx, request, heard),
      );
    },
    deleteInvitation: deleteInvitation(parts),
    getProviderKey: getProviderKey(parts),
    putProviderKey: putProviderKey(parts),
    deleteProviderKey: deleteProviderKey(parts),
  };
}
