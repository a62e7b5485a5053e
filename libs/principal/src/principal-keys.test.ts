import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { hmacSha256 } from './principal-keys.ts';

describe('HMAC-SHA-256 by laid-out pads', () => {
  test('is RFC 4231, test cases 1 and 2', () => {
    const hex = (key: Buffer, text: string) => Buffer.from(hmacSha256(key)(text), 'base64url').toString('hex');
    expect(hex(Buffer.alloc(20, 0x0b), 'Hi There')).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
    expect(hex(Buffer.from('Jefe'), 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  test('agrees with node:crypto for any key of at most a block and any ASCII text', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 2_000 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), text, (key, signed) => {
        const expected = createHmac('sha256', key).update(signed, 'latin1').digest('base64url');
        expect(hmacSha256(Buffer.from(key))(signed)).toBe(expected);
      }),
    );
  });
});
