import { createHmac } from 'node:crypto';
import type { KeyRing, KeyRingEntry } from '@universal-api/principal';
import { deriveKey } from './data-cipher.ts';

/** HMAC-SHA-256 of a text under each version that is known, the current first: `v<n>.<base64url>`. */
export type DataMacs = (text: string) => readonly [string, ...string[]];

/** The MACs of one purpose, under HKDF-SHA-256(`DATA_ENCRYPTION_KEY[v]`, "mac:" + purpose); keys are derived once. */
export function createDataMacs([current, ...older]: KeyRing, purpose: string): DataMacs {
  const first = macOf(current, purpose);
  const others = older.map((entry) => macOf(entry, purpose));
  return (text) => [first(text), ...others.map((mac) => mac(text))];
}

function macOf(entry: KeyRingEntry, purpose: string): (text: string) => string {
  const key = deriveKey(entry, `mac:${purpose}`);
  return (text) => `v${entry.version}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}
