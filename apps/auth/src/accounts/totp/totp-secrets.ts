import type { KeyRing, RandomBytes } from '@universal-api/principal';
import { createDataCipher } from '../data-cipher.ts';
import { totpSecretBytes } from './totp-codes.ts';

/** Secrets of authenticators as they lie in the table: sealed for one user each. */
export interface TotpSecrets {
  /** A new one, and what is stored of it. */
  make(userId: string): { readonly secret: Buffer; readonly sealed: string };
  /** Errors: `internal` if it does not open. */
  open(sealed: string, userId: string): Buffer;
}

/** The secrets under `DATA_ENCRYPTION_KEY`, current version first. */
export function createTotpSecrets(dataKeys: KeyRing, randomBytes: RandomBytes): TotpSecrets {
  const cipher = createDataCipher(dataKeys, 'totp');
  return {
    make(userId) {
      const secret = Buffer.from(randomBytes(totpSecretBytes));
      return { secret, sealed: cipher.seal(secret, userId) };
    },
    open: (sealed, userId) => cipher.open(sealed, userId),
  };
}
