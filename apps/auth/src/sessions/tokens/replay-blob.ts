import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { AppError } from '@universal-api/errors';
import type { RandomBytes } from '@universal-api/principal';
import type { OpaqueToken } from './opaque-token.ts';

/** The answer to a refresh, as it is given. */
export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'bearer';
  /** Seconds. */
  readonly expiresIn: number;
  /** `ses_…`. */
  readonly sessionId: string;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/**
 * An answer that only the holder of the presented token can open: AES-256-GCM under HKDF(token). Whoever has the database
 * alone has nothing. Layout: nonce, ciphertext, tag.
 */
export function sealReplay(presented: OpaqueToken, answer: TokenSet, randomBytes: RandomBytes): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, deriveKey(presented), nonce);
  return Buffer.concat([nonce, cipher.update(JSON.stringify(answer), 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** The answer in a blob that this token sealed. Errors: `internal` for any other. */
export function openReplay(presented: OpaqueToken, blob: Buffer): TokenSet {
  const options = { authTagLength: tagBytes };
  try {
    const decipher = createDecipheriv(algorithm, deriveKey(presented), blob.subarray(0, nonceBytes), options);
    decipher.setAuthTag(blob.subarray(-tagBytes));
    const text = Buffer.concat([decipher.update(blob.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    // The tag proves that these bytes are what `sealReplay` wrote.
    return JSON.parse(text.toString('utf8')) as TokenSet;
  } catch (error) {
    throw new AppError('internal', { internal: 'a replay blob does not open under its token', cause: error });
  }
}

function deriveKey({ text }: OpaqueToken): Buffer {
  return Buffer.from(hkdfSync('sha256', text, '', 'refresh-replay', keyBytes));
}
