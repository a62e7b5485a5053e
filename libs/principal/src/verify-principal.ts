import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@universal-api/errors';
import type { KeyRing } from './key-ring.ts';
import { derivePrincipalMacs } from './principal-keys.ts';
import { principalLifeSeconds, principalTypes, type EpochClock, type Principal } from './principal.ts';
import { isCredentialPool, isKeyMode, isPlan } from './tenants.ts';

/** Reads who the caller of one call is. */
export interface PrincipalVerifier {
  /**
   * The principal in the value of `x-uapi-principal`, for the method now being called.
   * Errors: `unauthenticated` with an internal reason. A refused principal is a fault between our parts, never the caller's.
   */
  verify(header: string | undefined, method: string): Principal;
}

const maxHeaderCharacters = 8192;
/** How far the clock of a minter on another machine may be ahead of ours, in seconds. */
const clockLeewaySeconds = 5;
/** Spelt the way `mint` does; whoever makes it longer changes the bytes under the MAC. */
const headerShape = /^(v\d{1,6})\.([\w-]+)\.([\w-]{43})$/;

/** Verifies principals for one service under the two live versions of `INTERNAL_AUTH_KEY`: MAC, `aud`, `mth`, time. */
export function createPrincipalVerifier(parts: {
  readonly keys: KeyRing;
  /** The service that verifies, such as `search`. */
  readonly audience: string;
  readonly clock: EpochClock;
}): PrincipalVerifier {
  const { audience, clock } = parts;
  const macs = derivePrincipalMacs(parts.keys, audience);
  return {
    verify(header, method) {
      if (header === undefined) throw refused('absent');
      if (header.length > maxHeaderCharacters) throw refused('too long');
      const [, version, payload, mac] = headerShape.exec(header) ?? [];
      if (version === undefined || payload === undefined || mac === undefined) throw refused('malformed');
      const macOf = macs.get(version);
      if (macOf === undefined) throw refused('version not live');
      // Text against text: base64 has several spellings of the same bytes, and only one of them is ours.
      const expected = Buffer.from(macOf(`${version}.${payload}`), 'latin1');
      if (!timingSafeEqual(expected, Buffer.from(mac, 'latin1'))) throw refused('MAC');
      const principal = parsePrincipal(payload);
      if (principal.aud !== audience) throw refused('another service');
      if (principal.mth !== method) throw refused('another method');
      const now = clock() / 1000;
      if (now >= principal.exp || principal.exp - principal.iat > principalLifeSeconds) throw refused('expired');
      if (principal.iat > now + clockLeewaySeconds) throw refused('not yet');
      return principal;
    },
  };
}

function refused(reason: string): AppError {
  return new AppError('unauthenticated', { internal: `principal refused: ${reason}` });
}

function parsePrincipal(payload: string): Principal {
  const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  if (!isPrincipal(value)) throw refused('claims');
  return value;
}

const texts = ['iss', 'aud', 'mth', 'tid', 'sub', 'rid', 'cid'] as const;
const optionalTexts = ['key', 'sid', 'cip', 'lang', 'act'] as const;
const types: readonly unknown[] = principalTypes;

function isPrincipal(value: unknown): value is Principal {
  if (typeof value !== 'object' || value === null) return false;
  const claims = value as Readonly<Record<string, unknown>>;
  for (const name of texts) if (typeof claims[name] !== 'string') return false;
  for (const name of optionalTexts) if (!['string', 'undefined'].includes(typeof claims[name])) return false;
  if (!Number.isInteger(claims.iat) || !Number.isInteger(claims.exp)) return false;
  if (!types.includes(claims.typ) || !isPlan(claims.plan) || !isKeyMode(claims.mode)) return false;
  if (claims.pri !== 'normal' && claims.pri !== 'critical') return false;
  if (claims.pool !== undefined && !isCredentialPool(claims.pool)) return false;
  return Array.isArray(claims.scp) && claims.scp.every((scope) => typeof scope === 'string');
}
