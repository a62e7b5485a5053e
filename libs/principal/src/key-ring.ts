import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Secret } from '@universal-api/config';
import { AppError } from '@universal-api/errors';

/** One version of a secret. The key object prints nothing of its bytes. */
export interface KeyRingEntry {
  readonly version: number;
  readonly key: KeyObject;
}

/** The versions of a secret, at least one; the first is current, the others are still understood. */
export type KeyRing = readonly [KeyRingEntry, ...KeyRingEntry[]];

const minBytes = 32;
const minDistinctBytes = 8;
const entryShape = /^v([1-9]\d{0,5}):([A-Za-z0-9+/]+={0,2})$/;
/** Words of placeholders in documentation, samples and defaults; random bytes are never such a text. */
const placeholder = /change|secret|example|default|password|placeholder|sample|your|insecure|universal/i;
const printable = /^[\x20-\x7e]+$/;

/**
 * The versions in `v2:<base64>,v1:<base64>`, first current (platform.md 1.10).
 *
 * Errors: `internal`, its text naming `variable` and the rule, never the value: a malformed entry, a version given twice,
 * under 32 bytes, one repeated byte (or fewer than 8 different ones), a published value (a counting sequence as in test
 * vectors, or a placeholder text).
 */
export function parseKeyRing(variable: string, secret: Secret): KeyRing {
  const read = readKeyRing(secret.reveal());
  if (typeof read === 'string') throw new AppError('internal', { internal: `${variable}: ${read}` });
  return read;
}

/** The rule that the text of a key ring breaks, without the value; `undefined` if it is fine. For configuration schemas. */
export function findKeyRingFault(text: string): string | undefined {
  const read = readKeyRing(text);
  return typeof read === 'string' ? read : undefined;
}

/** The entry of a version, if the ring still has it. */
export function keyOfVersion(ring: KeyRing, version: number): KeyRingEntry | undefined {
  return ring.find((entry) => entry.version === version);
}

function readKeyRing(text: string): KeyRing | string {
  const entries: KeyRingEntry[] = [];
  for (const part of text.split(',')) {
    const shape = entryShape.exec(part.trim());
    const [, digits, base64] = shape ?? [];
    if (digits === undefined || base64 === undefined) return 'expected v2:<base64>,v1:<base64>, the current one first';
    const version = Number(digits);
    const bytes = Buffer.from(base64, 'base64');
    const fault = findKeyFault(bytes);
    if (fault !== undefined) return `version v${version} ${fault}`;
    if (entries.some((entry) => entry.version === version)) return `version v${version} is given twice`;
    entries.push({ version, key: createSecretKey(bytes) });
  }
  const [current, ...older] = entries;
  return current === undefined ? 'no version given' : [current, ...older];
}

function findKeyFault(bytes: Buffer): string | undefined {
  if (bytes.length < minBytes) return `is under ${minBytes} bytes`;
  const step = (at: number) => ((bytes[at] ?? 0) - (bytes[at - 1] ?? 0)) & 0xff;
  const isCounting = bytes.every((_byte, at) => at < 2 || step(at) === step(1));
  const text = bytes.toString('latin1');
  if (isCounting && step(1) !== 0) return 'is a published value';
  if (new Set(bytes).size < minDistinctBytes) return 'repeats too few different bytes';
  if (printable.test(text) && placeholder.test(text)) return 'is a published value';
  return undefined;
}
