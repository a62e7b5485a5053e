import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { AppError } from '@universal-api/errors';
import type { RandomBytes } from './api-key.ts';
import { keyOfVersion, type KeyRing, type KeyRingEntry } from './key-ring.ts';

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** A credential that one service alone can open. */
export interface SealedCredential {
  /** Nonce (12), ciphertext, tag (16). */
  readonly sealed: Uint8Array;
  /** Version of `INTERNAL_AUTH_KEY` that it is under. */
  readonly keyVersion: number;
}

/** Whose credential for which provider; what was sealed for one is not opened as another's. */
export interface CredentialOf {
  /** UUID. */
  readonly tenantId: string;
  readonly provider: string;
}

/**
 * A provider credential on its way to a service: AES-256-GCM under HKDF(`INTERNAL_AUTH_KEY`, "credential:" + service),
 * bound to tenant and provider (platform.md 1.8).
 */
export function sealCredential(
  parts: { readonly keys: KeyRing; readonly service: string; readonly randomBytes: RandomBytes },
  of: CredentialOf,
  value: string,
): SealedCredential {
  const [current] = parts.keys;
  const nonce = parts.randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(current, parts.service), nonce);
  cipher.setAAD(boundTo(of));
  const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return { sealed: Buffer.concat([nonce, body, cipher.getAuthTag()]), keyVersion: current.version };
}

/**
 * Opens what was sealed for this service. Errors: `internal` when it is under a version that is gone, damaged, or sealed for
 * another service, tenant or provider.
 */
export function openCredential(
  parts: { readonly keys: KeyRing; readonly service: string },
  of: CredentialOf,
  { sealed, keyVersion }: SealedCredential,
): string {
  const entry = keyOfVersion(parts.keys, keyVersion);
  if (entry === undefined) throw refused(`version v${keyVersion} of the key is gone`);
  if (sealed.length < nonceBytes + tagBytes) throw refused('too short');
  const bytes = Buffer.from(sealed);
  const options = { authTagLength: tagBytes };
  const key = deriveKey(entry, parts.service);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), options);
  decipher.setAAD(boundTo(of));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw refused('damaged, or sealed for somebody else', cause);
  }
}

function deriveKey(entry: KeyRingEntry, service: string): Buffer {
  return Buffer.from(hkdfSync('sha256', entry.key, '', `credential:${service}`, keyBytes));
}

function boundTo({ tenantId, provider }: CredentialOf): Buffer {
  return Buffer.from(`${tenantId}/${provider}`);
}

function refused(reason: string, cause?: unknown): AppError {
  return new AppError('internal', { internal: `a sealed credential could not be opened: ${reason}`, cause });
}
