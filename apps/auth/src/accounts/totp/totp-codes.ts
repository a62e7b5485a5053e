import { Secret, TOTP } from 'otpauth';

/** Bytes of a secret: 160 bits. */
export const totpSecretBytes = 20;

const issuer = 'Universal API';
const periodS = 30;
const digits = 6;
/** Steps before and after now that are taken too, for clocks that differ. */
const window = 1;

/** What an authenticator is set up with. */
export interface TotpEnrolment {
  /** Base32, for typing. */
  readonly secret: string;
  /** `otpauth://totp/…` (Key URI format). */
  readonly uri: string;
}

/** What an authenticator needs to know of a secret. `label` is the account, as its owner sees it there. */
export function describeTotp(secret: Buffer, label: string): TotpEnrolment {
  const totp = totpOf(secret, label);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The step whose code this is, now or one before or after; `undefined` if it is none. Source: RFC 6238, SHA-1, 6 digits, 30 s. */
export function findTotpStep(secret: Buffer, code: string, nowMs: number): number | undefined {
  const delta = totpOf(secret).validate({ token: code, timestamp: nowMs, window });
  return delta === null ? undefined : Math.floor(nowMs / 1_000 / periodS) + delta;
}

/** The code of a moment. */
export function totpCodeAt(secret: Buffer, nowMs: number): string {
  return totpOf(secret).generate({ timestamp: nowMs });
}

function totpOf(secret: Buffer, label = ''): TOTP {
  const bytes = secret.buffer.slice(secret.byteOffset, secret.byteOffset + secret.byteLength) as ArrayBuffer;
  return new TOTP({ issuer, label, algorithm: 'SHA1', digits, period: periodS, secret: new Secret({ buffer: bytes }) });
}
