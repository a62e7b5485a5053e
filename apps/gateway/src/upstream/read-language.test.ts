import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLanguage } from './read-language.ts';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['fr', 'fr'],
  ['de-CH', 'de-CH'],
  ['fr-CH, fr;q=0.9, en;q=0.8', 'fr-CH'],
  ['en;q=0.5, pt-BR', 'pt-BR'],
  ['*', undefined],
  ['*;q=1, es;q=0.1', 'es'],
  ['en;q=0, nl;q=0.2', 'nl'],
  ['en;q=x, nl;q=0.2', 'nl'],
  ['<script>, it', 'it'],
])('Accept-Language %s prefers %s', (header, language) => expect(readLanguage(header)).toBe(language));

test('whatever is sent, the answer is a tag or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a-;q=,01.* é') }), (header) => {
      expect(readLanguage(header) ?? 'en').toMatch(/^[A-Za-z0-9-]+$/);
    }),
  );
});
