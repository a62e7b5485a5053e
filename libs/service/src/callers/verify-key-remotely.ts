import { createServiceClient, type GrpcChannel } from '@universal-api/grpc';
import { AuthService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import type { CallAsSystem } from '../watch/call-as-system.ts';
import type { VerifyKey } from './known-keys.ts';

/** A key is verified within this or not at all, ms. */
const withinMs = 2_000;

/** Asks the service `auth` about a key, in the name of the app that was called with it. */
export function verifyKeyRemotely(channel: GrpcChannel, callAsSystem: CallAsSystem): VerifyKey {
  const auth = createServiceClient(channel, AuthService);
  const method = AuthService.method.verifyKey;
  return (key, clientIp) => auth.verifyKey({ key, clientIp }, callAsSystem(method, withinMs));
}
