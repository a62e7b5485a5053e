import type { AccessTokenClaims } from '@universal-api/principal';
import { generateKeyPairSync, sign } from 'node:crypto';

/** Signs access tokens as the service `auth` does, with a key of its own. For tests only. */
export interface TokenSigner {
  readonly kid: string;
  /** Its public part (RFC 7517). */
  readonly jwk: object;
  /** A token; `header` takes the place of single fields of the right one. */
  sign(claims: object, header?: object): string;
}

/** A signer with a new ES256 key. */
export function createTokenSigner(kid: string): TokenSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    kid,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' },
    sign(claims, header = {}) {
      const signed = `${encode({ alg: 'ES256', typ: 'at+jwt', kid, ...header })}.${encode(claims)}`;
      const mac = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${signed}.${mac.toString('base64url')}`;
    },
  };
}

/** Claims of a good token of `issuer`, made at `nowS` (seconds of the Unix epoch), for 300 s. */
export function testClaims(issuer: string, nowS: number): AccessTokenClaims {
  return {
    iss: issuer,
    aud: 'uapi',
    sub: '00000000-0000-7000-8000-000000000001',
    client_id: 'uapi',
    iat: nowS,
    exp: nowS + 300,
    jti: '00000000-0000-7000-8000-000000000002',
    tid: '00000000-0000-7000-8000-000000000003',
    sid: '00000000-0000-7000-8000-000000000004',
    scope: 'data:read search:write',
    role: 'developer',
    amr: ['pwd'],
    plan: 'free',
    pool: 'local',
  };
}
