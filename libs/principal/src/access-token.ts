import { roleScopes, type Role } from './scopes.ts';
import { isCredentialPool, isPlan, type CredentialPool, type Plan } from './tenants.ts';

/** What `aud` and `client_id` of every access token are. */
export const accessTokenAudience = 'uapi';

/** What `typ` in the header of an access token is (RFC 9068 section 2.1). */
export const accessTokenType = 'at+jwt';

/** Most characters of an access token; longer ones are refused unread. */
export const accessTokenMaxCharacters = 4096;

/**
 * What an access token says of its holder. Ids are UUIDs without prefix, as in the principal; times are whole seconds of
 * the Unix epoch. Source: RFC 9068 section 2.2, platform.md 1.6; `plan`, `pool` and `limits`: decision 0014.
 *
 * It says what held at `iat`. A revocation of the user, of the user in this tenant or of the tenant ends tokens with
 * `iat` before it; one of the session ends them all.
 */
export interface AccessTokenClaims {
  /** The installation: its `PUBLIC_BASE_URL`. */
  readonly iss: string;
  readonly aud: typeof accessTokenAudience;
  /** User. */
  readonly sub: string;
  readonly client_id: typeof accessTokenAudience;
  readonly iat: number;
  readonly exp: number;
  /** Refused before; our own tokens have none. */
  readonly nbf?: number;
  /** This one token. */
  readonly jti: string;
  /** Tenant. */
  readonly tid: string;
  /** Session. */
  readonly sid: string;
  /** Scopes, separated by single spaces. */
  readonly scope: string;
  /** Role of the user in the tenant. */
  readonly role: Role;
  /** How the session was proved: `pwd`, `otp`, `recovery` (RFC 8176 where it has a word). */
  readonly amr: readonly string[];
  /** Plan of the tenant. */
  readonly plan: Plan;
  /** Whose provider credentials may be used. */
  readonly pool: CredentialPool;
  /** Rate limits that the tenant has set for itself, units by policy; absent where it has none. */
  readonly limits?: Readonly<Record<string, number>>;
}

const shape = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text has the outer shape of an access token: three parts of base64url, none empty, not too long. */
export function isTokenShaped(text: string): boolean {
  return text.length <= accessTokenMaxCharacters && shape.test(text);
}

/** Whether a value has every claim that an access token must have, each of its type; says nothing of time or issuer. */
export function isAccessTokenClaims(value: unknown): value is AccessTokenClaims {
  if (typeof value !== 'object' || value === null) return false;
  const claims = value as Readonly<Record<string, unknown>>;
  if (claims['aud'] !== accessTokenAudience || claims['client_id'] !== accessTokenAudience) return false;
  if (typeof claims['iss'] !== 'string' || typeof claims['scope'] !== 'string') return false;
  for (const name of ['sub', 'jti', 'tid', 'sid']) if (!isUuid(claims[name])) return false;
  if (!Number.isSafeInteger(claims['iat']) || !Number.isSafeInteger(claims['exp'])) return false;
  if (claims['nbf'] !== undefined && !Number.isSafeInteger(claims['nbf'])) return false;
  if (typeof claims['role'] !== 'string' || !Object.hasOwn(roleScopes, claims['role'])) return false;
  if (!isPlan(claims['plan']) || !isCredentialPool(claims['pool'])) return false;
  if (claims['limits'] !== undefined && !isLimits(claims['limits'])) return false;
  return Array.isArray(claims['amr']) && claims['amr'].every((way) => typeof way === 'string');
}

function isLimits(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((q) => Number.isSafeInteger(q) && q >= 1);
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && uuid.test(value);
}
