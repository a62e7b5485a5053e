import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { Secret } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import fc from 'fast-check';
import { findKeyRingFault, keyOfVersion, parseKeyRing } from './key-ring.ts';

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');
const parse = (text: string) => parseKeyRing('AUTH_KEY_PEPPER', new Secret(text));

function refusalOf(text: string): string {
  try {
    parse(text);
  } catch (thrown) {
    expect(AppError.is(thrown)).toBe(true);
    return AppError.is(thrown) ? thrown.message : '';
  }
  throw new Error('a ring was accepted that should have been refused');
}

describe('a key ring', () => {
  test('has its versions in the order given, the first current', () => {
    const bytes = [randomBytes(32), randomBytes(48)] as const;
    const ring = parse(`v2:${base64(bytes[0])}, v1:${base64(bytes[1])}`);
    expect(ring.map((entry) => entry.version)).toEqual([2, 1]);
    expect(ring.map((entry) => entry.key.export().equals(bytes[entry.version === 2 ? 0 : 1]))).toEqual([true, true]);
    expect(keyOfVersion(ring, 1)).toBe(ring[1]);
    expect(keyOfVersion(ring, 3)).toBeUndefined();
  });

  test('takes any 32 to 64 random bytes', () => {
    for (let count = 0; count < 500; count += 1) {
      expect(findKeyRingFault(`v1:${base64(randomBytes(32 + (count % 33)))}`)).toBeUndefined();
    }
  });

  test('takes the printed form of random bytes, as tools give it', () => {
    expect(findKeyRingFault(`v1:${base64(randomBytes(32).toString('hex'))}`)).toBeUndefined();
  });

  test('prints nothing of its keys', () => {
    const secret = base64(randomBytes(32));
    const ring = parse(`v1:${secret}`);
    const printed = inspect(ring, { depth: 9, showHidden: true }) + JSON.stringify(ring);
    expect(printed).not.toContain(secret);
    expect(printed).not.toContain(Buffer.from(secret, 'base64').toString('hex'));
  });
});

describe('a key ring is refused, naming variable and rule and never the value', () => {
  const counting = Uint8Array.from({ length: 32 }, (_, at) => at);
  const table: readonly (readonly [string, string, string])[] = [
    ['nothing', '', 'expected v2:'],
    ['no version', base64(randomBytes(32)), 'expected v2:'],
    ['version zero', `v0:${base64(randomBytes(32))}`, 'expected v2:'],
    ['not base64', `v1:${'!'.repeat(44)}`, 'expected v2:'],
    ['a trailing comma', `v1:${base64(randomBytes(32))},`, 'expected v2:'],
    ['31 bytes', `v1:${base64(randomBytes(31))}`, 'version v1 is under 32 bytes'],
    ['one repeated byte', `v1:${base64(Buffer.alloc(32, 0xa7))}`, 'version v1 repeats'],
    ['a short older version', `v2:${base64(randomBytes(32))},v1:${base64(randomBytes(8))}`, 'version v1 is under'],
    ['few different bytes', `v1:${base64('abcabcabcabcabcabcabcabcabcabcabcabc')}`, 'version v1 repeats'],
    ['a test vector', `v3:${base64(counting)}`, 'version v3 is a published value'],
    ['a placeholder', `v1:${base64('your-super-secret-key-change-in-production')}`, 'version v1 is a published value'],
    ['a version twice', `v1:${base64(randomBytes(32))},v1:${base64(randomBytes(32))}`, 'version v1 is given twice'],
  ];
  test.each(table)('%s', (_name, text, rule) => {
    const message = refusalOf(text);
    expect(message).toContain('AUTH_KEY_PEPPER');
    expect(message).toContain(rule);
    for (const value of text.split(/v\d+:|,/).filter((part) => part.length > 8)) expect(message).not.toContain(value);
    expect(findKeyRingFault(text)).toContain(rule);
  });

  test('any other text', () => {
    fc.assert(fc.property(fc.string(), (noise) => findKeyRingFault(noise) !== undefined));
  });
});
