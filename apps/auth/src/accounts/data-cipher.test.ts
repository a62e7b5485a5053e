import { describe, expect, test } from '@jest/globals';
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Secret } from '@universal-api/config';
import { parseKeyRing } from '@universal-api/principal';
import fc from 'fast-check';
import { createDataCipher } from './data-cipher.ts';
import { createDataMacs } from './data-macs.ts';

const bytesOf = () => randomBytes(32);
const ringOf = (...versions: readonly (readonly [number, Buffer])[]) =>
  parseKeyRing(
    'DATA_ENCRYPTION_KEY',
    new Secret(versions.map(([v, bytes]) => `v${v}:${bytes.toString('base64')}`).join(',')),
  );
const [one, two] = [bytesOf(), bytesOf()];

describe('a sealed value', () => {
  const cipher = createDataCipher(ringOf([1, one]), 'totp');

  test('opens for its owner, whatever it is, and never looks the same twice', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, owner) => {
        const value = Buffer.from(bytes);
        const sealed = cipher.seal(value, owner);
        expect(sealed).toMatch(/^v1\.[\w-]+$/);
        expect(cipher.open(sealed, owner)).toEqual(value);
        expect(cipher.seal(value, owner)).not.toBe(sealed);
      }),
    );
  });

  test('opens for nobody else, for no other purpose, under no other key, and not with one bit changed', () => {
    const sealed = cipher.seal(Buffer.from('secret'), 'anna');
    const fails = (open: () => unknown) => expect(open).toThrow(expect.objectContaining({ code: 'internal' }));
    fails(() => cipher.open(sealed, 'bert'));
    fails(() => createDataCipher(ringOf([1, one]), 'mail').open(sealed, 'anna'));
    fails(() => createDataCipher(ringOf([1, two]), 'totp').open(sealed, 'anna'));
    fails(() => createDataCipher(ringOf([2, one]), 'totp').open(sealed, 'anna'));
    const bytes = Buffer.from(sealed.slice('v1.'.length), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      fails(() => cipher.open(`v1.${changed.toString('base64url')}`, 'anna'));
    }
    for (const text of ['', 'v1.', 'v1.AAAA', sealed.slice(3), `v0${sealed.slice(2)}`])
      fails(() => cipher.open(text, 'anna'));
  });

  test('of an older version opens after a rotation, and new ones are under the new version', () => {
    const sealed = cipher.seal(Buffer.from('secret'), 'anna');
    const rotated = createDataCipher(ringOf([2, two], [1, one]), 'totp');
    expect(rotated.open(sealed, 'anna').toString()).toBe('secret');
    expect(rotated.seal(Buffer.from('secret'), 'anna')).toMatch(/^v2\./);
  });
});

describe('a MAC', () => {
  test('is HMAC-SHA-256 under a key of its purpose by HKDF, one for each version, the current first', () => {
    const expected = ([version, bytes]: readonly [number, Buffer], purpose: string) => {
      const key = Buffer.from(hkdfSync('sha256', bytes, '', `mac:${purpose}`, 32));
      return `v${version}.${createHmac('sha256', key).update('text').digest('base64url')}`;
    };
    const macs = createDataMacs(ringOf([2, two], [1, one]), 'recovery')('text');
    expect(macs).toEqual([expected([2, two], 'recovery'), expected([1, one], 'recovery')]);
    expect(createDataMacs(ringOf([2, two]), 'account')('text')).not.toEqual([macs[0]]);
  });
});
