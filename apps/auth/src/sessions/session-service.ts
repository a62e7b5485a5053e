import type { PageTokens } from '@universal-api/database';
import type { CallContext } from '@universal-api/grpc';
import type { ServiceHandlers } from '@universal-api/protos';
import type { SessionService } from '@universal-api/protos/gen/uapi/auth/v1/sessions_pb';
import type { KnownKeyParts } from './introspection/known-key.ts';
import type { KnownTokenParts } from './introspection/known-token.ts';
import { logout, revokeOtherSessions, revokeSession } from './rpc/end-own-sessions.ts';
import { introspect } from './rpc/introspect.ts';
import { listSessions } from './rpc/list-sessions.ts';
import { login } from './rpc/login.ts';
import { reauthenticate } from './rpc/reauthenticate.ts';
import { refresh } from './rpc/refresh.ts';
import { switchTenant } from './rpc/switch-tenant.ts';
import { verifyTotp } from './rpc/verify-totp.ts';
import type { ProofParts, SessionParts } from './session-parts.ts';

/** What the service works with: the union of what its RPCs need. */
export type SessionServiceParts = SessionParts &
  ProofParts &
  KnownKeyParts &
  KnownTokenParts & { readonly pages: PageTokens };

/** `uapi.auth.v1.SessionService`, one row per RPC; no logic. */
export function sessionService(parts: SessionServiceParts): ServiceHandlers<typeof SessionService, CallContext> {
  return {
    login: login(parts),
    verifyTotp: verifyTotp(parts),
    refresh: refresh(parts),
    logout: logout(parts),
    switchTenant: switchTenant(parts),
    reauthenticate: reauthenticate(parts),
    listSessions: listSessions(parts),
    revokeSession: revokeSession(parts),
    revokeOtherSessions: revokeOtherSessions(parts),
    introspect: introspect(parts),
  };
}
