import { createHash } from 'node:crypto';
// Parts of the package: as a whole it takes 9 MB more memory at the start.
import { compactVerify } from 'jose/jws/compact/verify';
import { accessTokenMaxCharacters, type AccessTokenClaims } from './access-token.ts';
import { createTokenKeys, type TokenKey, type TokenKeySource } from './access-token-keys.ts';
import { checkMeasure, readTokenParts, refusedToken } from './access-token-parts.ts';

/** What a verifier of access tokens is made of. */
export interface AccessTokenVerifierParts extends Omit<TokenKeySource, 'maxAgeMs'> {
  /** What `iss` must be: the `PUBLIC_BASE_URL` of the installation. */
  readonly issuer: string;
  /** How far clocks may differ, seconds. */
  readonly leewayS: number;
  /** Life of a fetched set of keys, ms; ten minutes, as its `max-age` says, unless told. */
  readonly maxAgeMs?: number;
  /** Most results remembered; 10,000 unless told. */
  readonly cacheSize?: number;
}

/** Reads who holds an access token. */
export interface AccessTokenVerifier {
  /**
   * The claims of a token that is ours, unaltered and within its life; whether it was revoked since is for the caller to
   * know. A token that cannot be good costs no I/O, a result is remembered until `exp`.
   * Errors: `invalid_token` with an internal reason; `service_unavailable` while the keys have never been had.
   */
  verify(text: string): Promise<AccessTokenClaims>;
}

const defaultMaxAgeMs = 600_000;
const defaultCacheSize = 10_000;

/** Verifies access tokens against the JWK set of the installation (platform.md 1.7): ES256 and nothing else. */
export function createAccessTokenVerifier(parts: AccessTokenVerifierParts): AccessTokenVerifier {
  const { issuer, leewayS, clock, maxAgeMs = defaultMaxAgeMs, cacheSize = defaultCacheSize } = parts;
  const keys = createTokenKeys({ ...parts, maxAgeMs });
  const proved = createProvedTokens(cacheSize);
  return {
    async verify(text) {
      if (text.length > accessTokenMaxCharacters) throw refusedToken('too long');
      const measure = { issuer, leewayS, nowS: clock() / 1000 };
      const digest = createHash('sha256').update(text).digest('base64');
      const known = proved.get(digest);
      if (known !== undefined) {
        checkMeasure(known, measure);
        return known;
      }
      const { kid, claims } = readTokenParts(text, measure);
      const key = await keys.find(kid);
      if (key === undefined) throw refusedToken('unknown kid');
      await prove(text, key);
      proved.add(digest, claims);
      return claims;
    },
  };
}

async function prove(text: string, key: TokenKey): Promise<void> {
  try {
    await compactVerify(text, key, { algorithms: ['ES256'] });
  } catch (error) {
    throw refusedToken('signature', error);
  }
}

/** Results by the hash of their token, the oldest forgotten first: a list of tokens would be a list of credentials. */
function createProvedTokens(size: number) {
  const results = new Map<string, AccessTokenClaims>();
  return {
    get: (digest: string) => results.get(digest),
    add(digest: string, claims: AccessTokenClaims) {
      results.set(digest, claims);
      const [oldest] = results.size > size ? results.keys() : [];
      if (oldest !== undefined) results.delete(oldest);
    },
  };
}
