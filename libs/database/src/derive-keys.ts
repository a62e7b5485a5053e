import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** Versions of a secret, the current one first; `KeyRing` of `@universal-api/principal` is one. */
export type SecretVersions = readonly { readonly key: KeyObject }[];

const keyBytes = 32;

/** One key per version of a secret, for one use alone: HKDF-SHA-256(secret, label), RFC 5869. */
export function deriveKeys(versions: SecretVersions, label: string): readonly KeyObject[] {
  return versions.map(({ key }) => createSecretKey(Buffer.from(hkdfSync('sha256', key, '', label, keyBytes))));
}

/** HMAC-SHA-256 over the parts, each with its length before it, so that no two lists of parts are alike. */
export function macOf(key: KeyObject, parts: readonly (string | Uint8Array)[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    mac.update(length).update(bytes);
  }
  return mac.digest();
}
