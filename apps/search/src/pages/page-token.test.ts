import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createPageTokens, derivePageKey } from './page-token.ts';

const tokens = createPageTokens(derivePageKey(Buffer.alloc(32, 1), 'search'));
const text = fc.string({ minLength: 1, unit: 'grapheme' });

describe('a page token', () => {
  test('gives back what was sealed under the same filter', () => {
    fc.assert(
      fc.property(text, fc.string(), (keyset, filter) => {
        expect(tokens.open(tokens.seal(keyset, filter), filter)).toBe(keyset);
      }),
    );
  });

  test('of another filter, or with any bit changed or cut off, is refused', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.integer({ min: 0, max: 7 }), (keyset, place, bit) => {
        const token = tokens.seal(keyset, 'all');
        expect(() => tokens.open(token, 'others')).toThrow(expect.objectContaining({ code: 'page_token_invalid' }));
        const bytes = Buffer.from(token, 'base64url');
        const shorter = bytes.subarray(1).toString('base64url');
        expect(() => tokens.open(shorter, 'all')).toThrow(expect.objectContaining({ code: 'page_token_invalid' }));
        const index = place % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        const changed = bytes.toString('base64url');
        expect(() => tokens.open(changed, 'all')).toThrow(expect.objectContaining({ code: 'page_token_invalid' }));
      }),
    );
  });

  test('of another service or key is refused, and so is nonsense', () => {
    const others = createPageTokens(derivePageKey(Buffer.alloc(32, 1), 'video'));
    for (const token of [others.seal('FR', 'all'), '', 'x', 'nonsense that is long enough to be a token, it seems!']) {
      expect(() => tokens.open(token, 'all')).toThrow(expect.objectContaining({ code: 'page_token_invalid' }));
    }
  });
});
