import { AppError } from '@universal-api/errors';
import { accessTokenType, isAccessTokenClaims, isTokenShaped, type AccessTokenClaims } from './access-token.ts';

/** What an access token claims before anybody has looked at its signature. */
export interface UnprovedToken {
  /** Which key is said to have signed it. */
  readonly kid: string;
  readonly claims: AccessTokenClaims;
}

/** What a token is measured against. */
export interface TokenMeasure {
  readonly issuer: string;
  /** Now, in seconds of the Unix epoch. */
  readonly nowS: number;
  /** How far clocks may differ. */
  readonly leewayS: number;
}

/** Also keeps paths and line ends out of whatever a key id is looked up in. */
const kidShape = /^[\w-]{1,64}$/;

/**
 * The header and claims of a token that could be good: ES256, `typ` at+jwt, no `crit`, a plain `kid`, every claim there,
 * our issuer and audience, now within its life. `jku`, `x5u` and `jwk` are not looked at. Pure: costs microseconds and no
 * I/O, so that what cannot be good asks nobody for keys. Errors: `invalid_token`.
 */
export function readTokenParts(text: string, measure: TokenMeasure): UnprovedToken {
  if (!isTokenShaped(text)) throw refusedToken('shape');
  const [head = '', body = ''] = text.split('.');
  const header = parsePart(head);
  if (header['alg'] !== 'ES256') throw refusedToken('alg');
  if (header['typ'] !== accessTokenType) throw refusedToken('typ');
  if ('crit' in header || 'b64' in header) throw refusedToken('crit');
  const kid = header['kid'];
  if (typeof kid !== 'string' || !kidShape.test(kid)) throw refusedToken('kid');
  const claims: unknown = parsePart(body);
  if (!isAccessTokenClaims(claims)) throw refusedToken('claims');
  checkMeasure(claims, measure);
  return { kid, claims };
}

/** The error of every token that is refused; the reason is for logs only. */
export function refusedToken(reason: string, cause?: unknown): AppError {
  return new AppError('invalid_token', { internal: `access token refused: ${reason}`, cause });
}

/** Refuses a token of another installation, and one whose life is over or has not begun. Errors: `invalid_token`. */
export function checkMeasure(claims: AccessTokenClaims, { issuer, nowS, leewayS }: TokenMeasure): void {
  if (claims.iss !== issuer) throw refusedToken('iss');
  if (nowS >= claims.exp + leewayS) throw refusedToken('exp');
  if (claims.iat > nowS + leewayS) throw refusedToken('iat');
  if (claims.nbf !== undefined && claims.nbf > nowS + leewayS) throw refusedToken('nbf');
}

function parsePart(part: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch (error) {
    throw refusedToken('not JSON', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusedToken('not an object');
  return value as Readonly<Record<string, unknown>>;
}
