import { crc32 } from 'node:zlib';
import { keyModes, type KeyMode } from './tenants.ts';

/** Digits of base62, in the order of their value; also the alphabet of ids and secrets. */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const id12Length = 12;
const secretLength = 32;
const crcLength = 6;
/** Largest multiple of 62 in a byte: bytes from here on are drawn again, or the first letters would come up more often. */
const fairBytes = 248;

/** How a key looks in a text, for scanners of secrets (platform.md 1.4). */
export const apiKeyPattern = /\buapi_(live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}\b/;

const keyShape = /^uapi_(live|test)_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;
const keyLength = 'uapi_live_'.length + id12Length + 1 + secretLength + crcLength;

/** The parts of a key of right shape. */
export interface ApiKeyParts {
  readonly mode: KeyMode;
  /** Public part, 12 characters: indexed, safe in logs. */
  readonly id12: string;
  /** Secret part, 32 characters, 190 bits; never stored. */
  readonly secret32: string;
}

/** A new key: its parts, and what its holder gets. */
export interface NewApiKey extends ApiKeyParts {
  /** The whole key, 61 characters; shown once, never stored or logged. */
  readonly text: string;
  /** The last 4 characters of the text, by which its holder knows it again. */
  readonly last4: string;
}

/** Gives so many random bytes; `node:crypto` `randomBytes` in the product. */
export type RandomBytes = (size: number) => Uint8Array;

/** A new key `uapi_<live|test>_<id12>_<secret32><crc6>`, drawn without bias (platform.md 1.4). */
export function makeApiKey(mode: KeyMode, randomBytes: RandomBytes): NewApiKey {
  const id12 = drawText(id12Length, randomBytes);
  const secret32 = drawText(secretLength, randomBytes);
  const body = `uapi_${mode}_${id12}_${secret32}`;
  const text = body + checksum(body);
  return { mode, id12, secret32, text, last4: text.slice(-4) };
}

/**
 * The parts of a key, or `undefined` if shape or checksum are wrong. Pure and cheap (a few µs): this is all that a mistyped
 * or invented key costs. Says nothing of whether the key exists.
 */
export function readApiKey(text: string): ApiKeyParts | undefined {
  if (text.length !== keyLength) return undefined;
  const [, mode, id12, secret32, crc6] = keyShape.exec(text) ?? [];
  if (id12 === undefined || secret32 === undefined) return undefined;
  if (checksum(text.slice(0, -crcLength)) !== crc6) return undefined;
  return { mode: mode === 'live' ? keyModes[0] : keyModes[1], id12, secret32 };
}

/** CRC-32 as in zlib over the bytes of a text, in base62, padded to 6 digits (62^6 exceeds 2^32). */
function checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let place = 0; place < crcLength; place += 1) {
    digits = alphabet.charAt(rest % alphabet.length) + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}

function drawText(length: number, randomBytes: RandomBytes): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < fairBytes && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
