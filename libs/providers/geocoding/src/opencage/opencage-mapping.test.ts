import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import fc from 'fast-check';
import { toPlace, toReverseAnswer } from './opencage-mapping.ts';
import { opencageResult } from './opencage-schema.ts';

const word = fc.stringMatching(/^[ A-Za-zéü0-9]{0,12}$/);
const corner = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
});
const result = fc
  .record(
    {
      formatted: word,
      geometry: corner,
      bounds: fc.record({ northeast: corner, southwest: corner }),
      components: fc.dictionary(
        fc.constantFrom(
          '_type',
          'city',
          'town',
          'road',
          'house_number',
          'postcode',
          'country',
          'country_code',
          'ISO_3166-2',
        ),
        fc.oneof(word, fc.array(word), fc.constantFrom('city', 'building', 'road', 'suburb')),
      ),
      distance_from_q: fc.record({ meters: fc.nat() }),
    },
    { requiredKeys: ['formatted', 'geometry', 'components'] },
  )
  .map((value) => opencageResult.parse(value));

describe('opencage mapping', () => {
  test('whatever is missing, empty or no text is absent', () => {
    fc.assert(
      fc.property(result, (found) => {
        expect(checkAnswer(toReverseAnswer(found))).toEqual([]);
      }),
    );
  });

  test.each([
    [{ _type: 'city', city: 'Weimar' }, 'city', 'Weimar'],
    [{ _type: 'village', village: 'Oberweimar' }, 'city', 'Oberweimar'],
    [{ _type: 'suburb', suburb: 'Schöndorf' }, 'district', 'X'],
    [{ _type: 'road', road: 'Frauenplan' }, 'street', 'Frauenplan'],
    [{ _type: 'postcode', postcode: '99423' }, 'postcode', '99423'],
    [{ _type: 'country', country: 'Germany' }, 'country', 'Germany'],
    [{ _type: 'building', house_number: '1' }, 'house', 'X'],
    [{ _type: 'building' }, 'poi', 'X'],
    [{ _type: 'restaurant', house_number: '1' }, 'poi', 'X'],
    [{}, 'poi', 'X'],
  ])('%j is a %s named %s', (components, kind, name) => {
    expect(toPlace({ formatted: 'X, Y', geometry: { lat: 1, lng: 2 }, components })).toMatchObject({ kind, name });
  });
});
