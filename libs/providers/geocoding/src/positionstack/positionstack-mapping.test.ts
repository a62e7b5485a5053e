import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import fc from 'fast-check';
import { toAlpha2 } from './country-codes.ts';
import { toPlace, toReverseAnswer } from './positionstack-mapping.ts';
import { positionstackResult } from './positionstack-schema.ts';

const word = fc.option(fc.stringMatching(/^[ A-Za-zéü0-9]{0,12}$/), { nil: null });
const result = fc
  .record(
    {
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
      label: word,
      name: word,
      type: fc.constantFrom('venue', 'address', 'street', 'locality', 'region', 'country', null),
      number: word,
      street: word,
      postal_code: word,
      confidence: fc.option(fc.double({ min: -1, max: 2, noNaN: true }), { nil: null }),
      distance: fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: null }),
      region: word,
      locality: word,
      country: word,
      country_code: fc.constantFrom('USA', 'FRA', 'XXX', '', null),
    },
    { requiredKeys: ['latitude', 'longitude'] },
  )
  .map((value) => positionstackResult.parse(value));

describe('positionstack mapping', () => {
  test('whatever is missing, null or empty is absent, and confidence is within 0..1', () => {
    fc.assert(
      fc.property(result, (found) => {
        expect(checkAnswer(toReverseAnswer(found))).toEqual([]);
        const { confidence = 0 } = toPlace(found);
        expect(confidence >= 0 && confidence <= 1).toBe(true);
      }),
    );
  });

  test.each([
    ['address', 'house'],
    ['street', 'street'],
    ['neighbourhood', 'district'],
    ['locality', 'city'],
    ['county', 'county'],
    ['region', 'state'],
    ['country', 'country'],
    ['venue', 'poi'],
  ])('%s is a %s', (type, kind) => {
    expect(toPlace({ latitude: 1, longitude: 2, type }).kind).toBe(kind);
  });

  test('countries are told by two letters; what is no country by none', () => {
    expect(['USA', 'usa', 'FRA', 'XKX', 'DE', 'ZZZ', ''].map(toAlpha2)).toEqual([
      'US',
      'US',
      'FR',
      'XK',
      'DE',
      undefined,
      undefined,
    ]);
  });
});
