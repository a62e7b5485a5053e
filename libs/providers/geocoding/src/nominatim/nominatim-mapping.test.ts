import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import fc from 'fast-check';
import { toKind } from './nominatim-kind.ts';
import { toPlace, toReverseAnswer } from './nominatim-mapping.ts';
import { nominatimPlace } from './nominatim-schema.ts';

const word = fc.stringMatching(/^[ A-Za-zéü0-9]{0,12}$/);
const degrees = fc.double({ min: -90, max: 90, noNaN: true }).map(String);
const found = fc
  .record(
    {
      lat: degrees,
      lon: degrees,
      display_name: word,
      name: fc.option(word, { nil: null }),
      osm_type: fc.constantFrom('node', 'way', 'relation'),
      osm_id: fc.nat(),
      category: fc.constantFrom('place', 'boundary', 'highway', 'building', 'amenity'),
      addresstype: word,
      place_rank: fc.integer({ min: 0, max: 30 }),
      address: fc.dictionary(fc.constantFrom('road', 'city', 'town', 'postcode', 'country', 'country_code'), word),
      boundingbox: fc.tuple(degrees, degrees, degrees, degrees),
    },
    { requiredKeys: ['lat', 'lon', 'display_name'] },
  )
  .map((place) => nominatimPlace.parse(place));
const point = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe('nominatim mapping', () => {
  test('whatever is missing or empty is absent', () => {
    fc.assert(
      fc.property(found, point, (place, from) => {
        expect(checkAnswer(toReverseAnswer(place, from))).toEqual([]);
      }),
    );
  });

  test.each([
    [{ addresstype: 'city' }, 'city'],
    [{ addresstype: 'village' }, 'city'],
    [{ addresstype: 'suburb' }, 'district'],
    [{ addresstype: 'road' }, 'street'],
    [{ addresstype: 'postcode' }, 'postcode'],
    [{ addresstype: 'state' }, 'state'],
    [{ addresstype: 'country' }, 'country'],
    [{ addresstype: 'building', category: 'building', place_rank: 30, address: { house_number: '1' } }, 'house'],
    [{ addresstype: 'place', category: 'place', place_rank: 30, address: { house_number: '1' } }, 'house'],
    [{ addresstype: 'building', category: 'building', place_rank: 30 }, 'poi'],
    [{ addresstype: 'amenity', category: 'amenity', place_rank: 30 }, 'poi'],
    [{ addresstype: 'administrative', category: 'boundary', place_rank: 8 }, 'state'],
    [{ addresstype: 'river', category: 'waterway', place_rank: 19 }, 'poi'],
    [{ category: 'highway', place_rank: 26 }, 'street'],
  ])('%j is a %s', (facts, kind) => {
    expect(toKind(facts)).toBe(kind);
  });

  test('a town has no distance, since the answer has only its middle', () => {
    const town = nominatimPlace.parse({ lat: '1', lon: '1', display_name: 'X', addresstype: 'town' });
    expect(toReverseAnswer(town, { lat: 1, lon: 1.1 }).distanceM).toBeUndefined();
  });

  test('a place without an object of the map has no id', () => {
    expect(toPlace(nominatimPlace.parse({ lat: '1', lon: '1', display_name: 'X' })).id).toBeUndefined();
  });
});
