import type { CallContext } from '@universal-api/grpc';
import type { ServiceHandlers } from '@universal-api/protos';
import type { AuthService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import { verifyKey, type VerifyKeyParts } from './rpc/verify-key.ts';

/** What the service works with: the union of what its RPCs need. */
export type AuthParts = VerifyKeyParts;

/** `uapi.auth.v1.AuthService`, one row per RPC; no logic. */
export function authService(parts: AuthParts): ServiceHandlers<typeof AuthService, CallContext> {
  return {
    verifyKey: verifyKey(parts),
  };
}
