import { AppError } from '@universal-api/errors';
import { createServiceClient, type GrpcChannel } from '@universal-api/grpc';
import { createAccessTokenVerifier, type AccessTokenVerifier } from '@universal-api/principal';
import { AuthService } from '@universal-api/protos/gen/uapi/auth/v1/auth_pb';
import type { CallAsSystem } from '../watch/call-as-system.ts';

/** The public keys of the installation, and who signs with them. */
export interface Jwks {
  /** JSON of a JWK set (RFC 7517). */
  readonly jwksJson: string;
  readonly issuer: string;
}

/** Asks the service `auth` for them. */
export type FetchJwks = () => Promise<Jwks>;

const withinMs = 2_000;

/** Asks by gRPC. Errors: `service_unavailable`, whyever the keys cannot be had. */
export function fetchJwksRemotely(channel: GrpcChannel, callAsSystem: CallAsSystem): FetchJwks {
  const auth = createServiceClient(channel, AuthService);
  const method = AuthService.method.getJwks;
  return () =>
    auth.getJwks({}, callAsSystem(method, withinMs)).catch((cause: unknown) => {
      // Whose token it is cannot be said now: neither "too late" nor an inner fault, as with keys (platform.md 6.3).
      throw new AppError('service_unavailable', { retryAfterS: 1, internal: 'GetJwks failed', cause });
    });
}

/** Times of a verifier; those of platform.md 1.7 in the product, scaled by tests. */
export interface TokenTimes {
  /** `AUTH_CLOCK_LEEWAY_S`. */
  readonly leewayS: number;
  /** Least time between two fetches for an unknown `kid`, ms. */
  readonly refetchMs: number;
}

/** The product's. */
export const tokenTimes: TokenTimes = { leewayS: 60, refetchMs: 30_000 };

/**
 * A verifier that learns its issuer with the first set of keys, from the service that signs: no process but that one has to be
 * told who it is.
 */
export function createRemoteVerifier(fetch: FetchJwks, clock: () => number, times: TokenTimes): AccessTokenVerifier {
  let verifier: Promise<AccessTokenVerifier> | undefined;
  async function make(): Promise<AccessTokenVerifier> {
    let first: Jwks | undefined = await fetch();
    const { issuer } = first;
    const fetchJwks = async () => {
      const { jwksJson } = first ?? (await fetch());
      first = undefined;
      return jwksJson;
    };
    return createAccessTokenVerifier({ issuer, fetchJwks, clock, ...times });
  }
  return {
    async verify(text) {
      verifier ??= make().catch((error: unknown) => {
        // The next caller tries again: until there is an issuer nothing can be judged.
        verifier = undefined;
        throw error;
      });
      return (await verifier).verify(text);
    },
  };
}
