import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readQuery } from './read-query.ts';

describe('a query', () => {
  test.each([
    ['  Time   in\tTokyo ', 'Time in Tokyo', 'time in tokyo'],
    ['Météo à Lyon', 'Météo à Lyon', 'meteo a lyon'],
    ["capitale de l'Espagne", "capitale de l'Espagne", 'capitale de l espagne'],
    ['ｆｕｌｌ　ｗｉｄｔｈ', 'full width', 'full width'],
    ['a\u0000b\u202Ec', 'a bc', 'a bc'],
    ['Œuvre d’art', 'Œuvre d’art', 'oeuvre d art'],
  ])('%j is %j, and compared as %j', (raw, normalised, folded) => {
    expect(readQuery('query', raw)).toMatchObject({ raw, normalised, folded });
  });

  test.each(['   ', '\u0000\u0001', '\u202E', '\n\t'])('%j is refused, and the field named', (raw) => {
    expect(() => readQuery('q', raw)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        details: { errors: [expect.objectContaining({ field: 'q' })] },
      }),
    );
  });

  test('of any text: reading again changes nothing, and tokens lie in order inside it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (raw) => {
        fc.pre(!/^[\s\p{C}]*$/u.test(raw.normalize('NFKC')));
        const query = readQuery('query', raw);
        expect(readQuery('query', query.normalised).normalised).toBe(query.normalised);
        let end = 0;
        for (const token of query.tokens) {
          expect(token.end).toBeGreaterThan(token.start);
          expect(token.end).toBeGreaterThanOrEqual(end);
          end = token.end;
        }
        expect(end).toBeLessThanOrEqual(query.normalised.length);
      }),
    );
  });
});
