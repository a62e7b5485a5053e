import { hash, hkdfSync } from 'node:crypto';
import type { KeyRing, KeyRingEntry } from './key-ring.ts';

/** Versions of `INTERNAL_AUTH_KEY` that live at once: the current one, and the one before it during a rotation. */
export const livePrincipalVersions = 2;

const blockBytes = 64;
const keyBytes = 32;
const innerPad = 0x36;
const outerPad = 0x5c;

/** Computes the MAC over a text, in base64url (43 characters). The key stays inside. */
export type PrincipalMac = (signed: string) => string;

/** The MAC for one audience under HKDF-SHA-256(`INTERNAL_AUTH_KEY[v]`, "principal:" + aud), 32 bytes. */
export function derivePrincipalMac(entry: KeyRingEntry, audience: string): PrincipalMac {
  return hmacSha256(Buffer.from(hkdfSync('sha256', entry.key, '', `principal:${audience}`, keyBytes)));
}

/** The MACs for one audience by the version text of the header (`v2`); two at most. */
export function derivePrincipalMacs(ring: KeyRing, audience: string): ReadonlyMap<string, PrincipalMac> {
  const live = ring.slice(0, livePrincipalVersions);
  return new Map(live.map((entry) => [`v${entry.version}`, derivePrincipalMac(entry, audience)]));
}

/**
 * HMAC-SHA-256 (RFC 2104, section 2) for one key of at most a block, its pads laid out once: two one-shot hashes cost a
 * third of an `Hmac` object, and every call of a service mints and verifies one. `signed` is ASCII.
 */
export function hmacSha256(key: Buffer): PrincipalMac {
  const block = Buffer.concat([key], blockBytes);
  const inner = Buffer.from(block.map((byte) => byte ^ innerPad)).toString('latin1');
  const outer = Buffer.alloc(blockBytes + keyBytes);
  block.map((byte) => byte ^ outerPad).forEach((byte, index) => outer.writeUInt8(byte, index));
  return (signed) => {
    hash('sha256', Buffer.from(inner + signed, 'latin1'), 'buffer').copy(outer, blockBytes);
    return hash('sha256', outer, 'base64url');
  };
}
