import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRingEntry } from '@universal-api/principal';

const noMac = Buffer.alloc(32);

/** What is stored of a key: HMAC-SHA-256(pepper[v], secret32), 32 bytes (platform.md 1.4). */
export function macSecret(pepper: KeyRingEntry, secret32: string): Buffer {
  return createHmac('sha256', pepper.key).update(secret32).digest();
}

/** Whether the secret is the one behind a stored MAC; without one the same work is done and the answer is no. */
export function matchesMac(pepper: KeyRingEntry, secret32: string, stored: Buffer | undefined): boolean {
  const isEqual = timingSafeEqual(macSecret(pepper, secret32), stored?.length === noMac.length ? stored : noMac);
  return isEqual && stored !== undefined;
}
