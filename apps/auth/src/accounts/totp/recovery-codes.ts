import type { RandomBytes } from '@universal-api/principal';

/** Codes of one set. */
export const recoveryCodeCount = 10;

const codeLength = 24;
/** Crockford's base32: no I, L, O and U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const shape = /^[0-9A-HJKMNP-TV-Z]{24}$/;

/** A new set: ten codes of 24 characters, 120 bits each. */
export function makeRecoveryCodes(randomBytes: RandomBytes): string[] {
  // 256 is a multiple of 32, so the low five bits of a byte are drawn without bias.
  const makeOne = () => Array.from(randomBytes(codeLength), (byte) => alphabet.charAt(byte & 31)).join('');
  return Array.from({ length: recoveryCodeCount }, makeOne);
}

/** A typed code in its one spelling: hyphens and spaces do not count, nor case, and I, L and O are 1, 1 and 0; else `undefined`. */
export function readRecoveryCode(typed: string): string | undefined {
  const code = typed.replace(/[\s-]/g, '').toUpperCase().replace(/[IL]/g, '1').replaceAll('O', '0');
  return shape.test(code) ? code : undefined;
}
