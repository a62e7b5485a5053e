import type { KeyRing } from './key-ring.ts';
import { derivePrincipalMac, type PrincipalMac } from './principal-keys.ts';
import { principalLifeSeconds, type EpochClock, type Principal, type PrincipalClaims } from './principal.ts';

/** What a principal is minted for. */
export interface MintRequest {
  /** Service that will read it, such as `search`. */
  readonly audience: string;
  /** Full name of the method, spelt as the verifier will spell it. */
  readonly method: string;
  readonly claims: PrincipalClaims;
}

/** Signs who the caller of one call is. */
export interface PrincipalMinter {
  /** The value of `x-uapi-principal` for one call; good for 30 s. */
  mint(request: MintRequest): string;
}

/**
 * Mints principals under the current version of `INTERNAL_AUTH_KEY`, one derived key per audience.
 * The value is `<v>.<b64url(JSON)>.<b64url(HMAC-SHA-256)>` (platform.md 1.8), about 0.8 KiB.
 */
export function createPrincipalMinter(parts: {
  readonly keys: KeyRing;
  /** The minting app, such as `gateway`. */
  readonly issuer: string;
  readonly clock: EpochClock;
}): PrincipalMinter {
  const { keys, issuer, clock } = parts;
  const [current] = keys;
  const macs = new Map<string, PrincipalMac>();
  const macFor = (audience: string): PrincipalMac => {
    const known = macs.get(audience);
    if (known !== undefined) return known;
    const mac = derivePrincipalMac(current, audience);
    macs.set(audience, mac);
    return mac;
  };
  return {
    mint({ audience, method, claims }) {
      const iat = Math.floor(clock() / 1000);
      const bound = { iss: issuer, aud: audience, mth: method, iat, exp: iat + principalLifeSeconds };
      const principal: Principal = { ...claims, ...bound };
      const signed = `v${current.version}.${Buffer.from(JSON.stringify(principal)).toString('base64url')}`;
      return `${signed}.${macFor(audience)(signed)}`;
    },
  };
}
