import { createServiceClient, requestNames, type GrpcChannel } from '@universal-api/grpc';
import { systemTenantId } from '@universal-api/ids';
import { internalScope, type PrincipalMinter } from '@universal-api/principal';
import { pathOf } from '@universal-api/protos';
import { AuthService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import type { VerifyKey } from '../http/known-keys.ts';

/** What is needed to ask the service `auth` in our own name. */
export interface VerifyKeyParts {
  readonly channel: GrpcChannel;
  readonly principals: PrincipalMinter;
  readonly newId: () => string;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** A key is verified within this or not at all, ms. */
const withinMs = 2_000;

/** Asks the service `auth` about a key, as `system` in tenant `sys`. */
export function verifyKeyRemotely({ channel, principals, newId, clock }: VerifyKeyParts): VerifyKey {
  const auth = createServiceClient(channel, AuthService);
  const method = pathOf(AuthService.method.verifyKey);
  return (key) => {
    const id = newId();
    const principal = principals.mint({
      audience: 'auth',
      method,
      claims: {
        tid: systemTenantId,
        sub: 'gateway',
        typ: 'system',
        scp: [internalScope],
        plan: 'unlimited',
        mode: 'live',
        pri: 'critical',
        rid: id,
        cid: id,
      },
    });
    const metadata = { [requestNames.principal]: principal, [requestNames.requestId]: id, [requestNames.callId]: id };
    return auth.verifyKey({ key }, { deadlineAt: clock() + withinMs, metadata });
  };
}
