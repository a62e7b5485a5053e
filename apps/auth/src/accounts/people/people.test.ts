import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { nameFor } from './add-person.ts';
import { foldEmail, isEmail, localPartOf } from './email-address.ts';

describe('an address', () => {
  test('is one in any case and with space around it, and folding twice changes nothing', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const folded = foldEmail(` ${address.toUpperCase()} `);
        expect(folded).toBe(foldEmail(address));
        expect(foldEmail(folded)).toBe(folded);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldEmail(foldEmail(text))).toBe(foldEmail(text));
      }),
      { numRuns: 2_000 },
    );
    // A capital that is only there in two parts, and its small letter that is one.
    expect(foldEmail('J\u030Coe@example.org')).toBe(foldEmail('\u01F0oe@example.org'));
    expect(foldEmail('Jo\u0308rg@Example.org')).toBe('j\u00f6rg@example.org');
  });

  test.each(['a@b', 'first.last+tag@example.org', "o'brien@example.org", 'jörg@bücher.example'])(
    '%s is taken',
    (text) => {
      expect(isEmail(text)).toBe(true);
    },
  );

  test('is never a text with a second @, a space or a control character', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('@', ' ', '\0', '\n', '\t', ',', '<'), fc.string(), (a, bad, b) => {
        expect(isEmail(`${a}${bad}${b}@example.org`)).toBe(false);
      }),
    );
    expect(isEmail(`a@${'x'.repeat(253)}`)).toBe(false);
  });
});

test('a name made of an address fits the table, whatever the address and the turn', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(3), (local, turn) => {
      const email = `${local.replaceAll('@', '')}@example.org`;
      expect(nameFor({ email, randomBytes }, turn)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$/);
      expect(localPartOf(email)).toBe(local.replaceAll('@', ''));
    }),
  );
});
