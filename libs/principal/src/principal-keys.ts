import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { KeyRing, KeyRingEntry } from './key-ring.ts';

/** Versions of `INTERNAL_AUTH_KEY` that live at once: the current one, and the one before it during a rotation. */
export const livePrincipalVersions = 2;

/** The MAC key for one audience: HKDF-SHA-256(`INTERNAL_AUTH_KEY[v]`, "principal:" + aud), 32 bytes. */
export function derivePrincipalKey(entry: KeyRingEntry, audience: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', entry.key, '', `principal:${audience}`, 32)));
}

/** The MAC keys for one audience by the version text of the header (`v2`); two at most. */
export function derivePrincipalKeys(ring: KeyRing, audience: string): ReadonlyMap<string, KeyObject> {
  const live = ring.slice(0, livePrincipalVersions);
  return new Map(live.map((entry) => [`v${entry.version}`, derivePrincipalKey(entry, audience)]));
}

/** The MAC over version and payload, as they stand in the header, in base64url (43 characters). */
export function macPrincipal(key: KeyObject, signed: string): string {
  return createHmac('sha256', key).update(signed).digest('base64url');
}
