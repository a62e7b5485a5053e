import {
  accessTokenAudience,
  accessTokenType,
  type AccessTokenClaims,
  type EpochClock,
} from '@universal-api/principal';
import { SignJWT } from 'jose';
import type { Signer } from './signing-keys.ts';

/** Who gets an access token, and what holds for them now. Ids are UUIDs. */
export interface TokenHolder extends Pick<AccessTokenClaims, 'role' | 'amr' | 'plan' | 'pool'> {
  readonly userId: string;
  readonly sessionId: string;
  readonly tenantId: string;
  readonly scopes: readonly string[];
}

/** What tokens are made with. */
export interface AccessTokenIssuerParts {
  readonly signer: () => Promise<Signer>;
  /** `PUBLIC_BASE_URL`. */
  readonly issuer: string;
  /** `AUTH_ACCESS_TTL_S`, seconds. */
  readonly ttlS: number;
  readonly clock: EpochClock;
  readonly newId: () => string;
}

/** A token as its holder gets it. */
export interface IssuedToken {
  readonly text: string;
  /** Seconds that it lives. */
  readonly expiresIn: number;
}

/** Signs an access token (RFC 9068; platform.md 1.6). Errors: those of `SigningKeys.signer`. */
export type IssueAccessToken = (holder: TokenHolder) => Promise<IssuedToken>;

/** Makes the function that signs access tokens. */
export function createAccessTokenIssuer(parts: AccessTokenIssuerParts): IssueAccessToken {
  const { signer, issuer, ttlS, clock, newId } = parts;
  return async (holder) => {
    const { kid, key } = await signer();
    // Floored: a token must never seem younger than a revocation that came in the same second before it was signed.
    const iat = Math.floor(clock() / 1000);
    const claims: AccessTokenClaims = {
      iss: issuer,
      aud: accessTokenAudience,
      sub: holder.userId,
      client_id: accessTokenAudience,
      iat,
      exp: iat + ttlS,
      jti: newId(),
      tid: holder.tenantId,
      sid: holder.sessionId,
      scope: holder.scopes.join(' '),
      role: holder.role,
      amr: holder.amr,
      plan: holder.plan,
      pool: holder.pool,
    };
    const text = await new SignJWT({ ...claims, amr: [...claims.amr] })
      .setProtectedHeader({ alg: 'ES256', typ: accessTokenType, kid })
      .sign(key);
    return { text, expiresIn: ttlS };
  };
}
