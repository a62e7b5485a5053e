import { createHash } from 'node:crypto';
import type { RandomBytes } from '@universal-api/principal';

/** What each kind of token begins with, so that a person, and a scanner of secrets, knows it. */
const prefixes = { refresh: 'uapi_rt_', mfa: 'uapi_mfa_' } as const;

/** A kind of token that means something to this service alone. */
export type OpaqueTokenKind = keyof typeof prefixes;

/** A token, and what is stored of it. */
export interface OpaqueToken {
  /** Prefix and 256 bits in base64url; never stored or logged. */
  readonly text: string;
  /** SHA-256 of the text: so many random bits need no slower hash. */
  readonly hash: Buffer;
}

const secretBytes = 32;
const secretShape = /^[\w-]{43}$/;

/** A new token. */
export function makeOpaqueToken(kind: OpaqueTokenKind, randomBytes: RandomBytes): OpaqueToken {
  return toToken(prefixes[kind] + Buffer.from(randomBytes(secretBytes)).toString('base64url'));
}

/** The token in a text, or `undefined` if it has not the shape of this kind; says nothing of whether it exists. */
export function readOpaqueToken(kind: OpaqueTokenKind, text: string | undefined): OpaqueToken | undefined {
  const prefix = prefixes[kind];
  if (text === undefined || !text.startsWith(prefix) || !secretShape.test(text.slice(prefix.length))) return undefined;
  return toToken(text);
}

function toToken(text: string): OpaqueToken {
  return { text, hash: createHash('sha256').update(text).digest() };
}
