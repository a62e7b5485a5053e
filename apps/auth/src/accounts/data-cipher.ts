import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { AppError } from '@universal-api/errors';
import { keyOfVersion, type KeyRing, type KeyRingEntry } from '@universal-api/principal';

/** Keeps values that have to be read again unreadable in the database (platform.md 1.5). Texts are `v<n>.<base64url>`. */
export interface DataCipher {
  /** Seals under the current version. `owner` is bound in: what belongs to one row cannot be moved to another. */
  seal(value: Buffer, owner: string): string;
  /** What was sealed for this owner. Errors: `internal` if the version is gone, the text is damaged or somebody else's. */
  open(sealed: string, owner: string): Buffer;
}

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const shape = /^v([1-9]\d{0,5})\.([\w-]+)$/;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random IV of 96 bits, under HKDF-SHA-256(`DATA_ENCRYPTION_KEY[v]`, "data:" + purpose):
 * values of different purposes cannot take each other's place.
 */
export function createDataCipher(ring: KeyRing, purpose: string): DataCipher {
  return {
    seal(value, owner) {
      const [current] = ring;
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, deriveKey(current, `data:${purpose}`), iv).setAAD(Buffer.from(owner));
      const bytes = Buffer.concat([iv, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
      return `v${current.version}.${bytes.toString('base64url')}`;
    },
    open(sealed, owner) {
      const [, version, body = ''] = shape.exec(sealed) ?? [];
      const entry = keyOfVersion(ring, Number(version));
      const bytes = Buffer.from(body, 'base64url');
      if (entry === undefined || bytes.length < ivBytes + tagBytes) throw unreadable(purpose);
      const options = { authTagLength: tagBytes };
      const key = deriveKey(entry, `data:${purpose}`);
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), options);
      decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]);
      } catch (error) {
        throw unreadable(purpose, error);
      }
    },
  };
}

/** A key of 256 bits by HKDF-SHA-256 (RFC 5869) without salt. */
export function deriveKey({ key }: KeyRingEntry, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', info, keyBytes)));
}

function unreadable(purpose: string, cause?: unknown): AppError {
  return new AppError('internal', { internal: `A sealed value (${purpose}) cannot be read.`, cause });
}
