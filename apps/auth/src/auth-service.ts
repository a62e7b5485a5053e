import type { CallContext } from '@universal-api/grpc';
import type { ServiceHandlers } from '@universal-api/protos';
import type { AuthService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { checkSubject } from './rpc/check-subject.ts';
import { listContacts } from './rpc/list-contacts.ts';
import { resolveCredential, type ResolveCredentialParts } from './rpc/resolve-credential.ts';
import { verifyKey, type VerifyKeyParts } from './rpc/verify-key.ts';

type Handlers = ServiceHandlers<typeof AuthService, CallContext>;

/** What the service works with: the union of what its RPCs need, and the rows that others make. */
export interface AuthParts extends VerifyKeyParts, ResolveCredentialParts {
  readonly watch: Handlers['watch'];
  readonly getJwks: Handlers['getJwks'];
}

/** `uapi.auth.v1.AuthService`, one row per RPC; no logic. */
export function authService(parts: AuthParts): Handlers {
  return {
    verifyKey: verifyKey(parts),
    checkSubject: checkSubject(parts),
    resolveCredential: resolveCredential(parts),
    listContacts: listContacts(parts),
    watch: parts.watch,
    getJwks: parts.getJwks,
  };
}
