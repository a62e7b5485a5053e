import { accessTokenAudience, accessTokenType, type AccessTokenClaims } from '@universal-api/principal';
import { SignJWT } from 'jose/jwt/sign';
import type { Signer } from './signing-keys.ts';

/** Who gets an access token, and what holds for them now. Ids are UUIDs. */
export interface TokenHolder extends Pick<AccessTokenClaims, 'role' | 'amr' | 'plan' | 'pool' | 'limits'> {
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
  readonly newId: () => string;
}

/** A token as its holder gets it. */
export interface IssuedToken {
  readonly text: string;
  /** Seconds that it lives. */
  readonly expiresIn: number;
}

/**
 * Signs an access token (RFC 9068; platform.md 1.6). `asOfMs`: a time, ms of the epoch, before what holds for the holder was read;
 * the token counts from then, so that what ends those rights while it is made ends it too. Errors: those of `SigningKeys.signer`.
 */
export type IssueAccessToken = (holder: TokenHolder, asOfMs: number) => Promise<IssuedToken>;

/** Makes the function that signs access tokens. */
export function createAccessTokenIssuer(parts: AccessTokenIssuerParts): IssueAccessToken {
  const { signer, issuer, ttlS, newId } = parts;
  return async (holder, asOfMs) => {
    const { kid, key } = await signer();
    const { limits = {} } = holder;
    // Floored: a token must never seem younger than a revocation that came in the same second.
    const iat = Math.floor(asOfMs / 1000);
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
      // Most tenants have none, and every call of the session carries what is here.
      ...(Object.keys(limits).length > 0 && { limits }),
    };
    const text = await new SignJWT({ ...claims, amr: [...claims.amr] })
      .setProtectedHeader({ alg: 'ES256', typ: accessTokenType, kid })
      .sign(key);
    return { text, expiresIn: ttlS };
  };
}
