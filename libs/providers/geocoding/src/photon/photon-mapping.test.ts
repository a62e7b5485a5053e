import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import fc from 'fast-check';
import { toPhotonLanguage, toPlace, toReverseAnswer } from './photon-mapping.ts';
import { photonFeature } from './photon-schema.ts';

const word = fc.stringMatching(/^[ A-Za-zéü0-9]{0,12}$/);
const lat = fc.double({ min: -90, max: 90, noNaN: true });
const lon = fc.double({ min: -180, max: 180, noNaN: true });
const feature = fc
  .record({
    geometry: fc.record({ coordinates: fc.tuple(lon, lat) }),
    properties: fc.record(
      {
        osm_type: fc.constantFrom('N', 'W', 'R'),
        osm_id: fc.nat(),
        osm_key: fc.constantFrom('place', 'highway', 'leisure', 'boundary'),
        osm_value: fc.constantFrom('house', 'city', 'residential', 'postcode', 'stadium'),
        type: fc.constantFrom('house', 'street', 'locality', 'district', 'city', 'county', 'state', 'country', 'other'),
        name: word,
        housenumber: word,
        street: word,
        postcode: word,
        city: word,
        country: word,
        countrycode: fc.constantFrom('DE', 'fr'),
        extent: fc.tuple(lon, lat, lon, lat),
      },
      { requiredKeys: [] },
    ),
  })
  .map((value) => photonFeature.parse(value));

describe('photon mapping', () => {
  test('whatever is missing or empty is absent', () => {
    fc.assert(
      fc.property(feature, lat, lon, (found, fromLat, fromLon) => {
        expect(checkAnswer(toReverseAnswer(found, { lat: fromLat, lon: fromLon }))).toEqual([]);
      }),
    );
  });

  test.each([
    [{ type: 'city', name: 'Berlin' }, 'city'],
    [{ type: 'street', name: 'Unter den Linden', osm_key: 'highway' }, 'street'],
    [{ type: 'house', housenumber: '5', street: 'Rue Proudhon' }, 'house'],
    [{ type: 'house', housenumber: '3', name: 'Olympiastadion', osm_key: 'leisure' }, 'poi'],
    [{ type: 'district', osm_value: 'postcode', name: '10117' }, 'postcode'],
    [{ type: 'locality', name: 'Wedding' }, 'district'],
    [{ type: 'other', name: 'Alps' }, 'poi'],
    [{ osm_key: 'place', osm_value: 'village', name: 'X' }, 'city'],
    [{ osm_key: 'place', osm_value: 'county', name: 'X' }, 'county'],
    [{ osm_key: 'highway', osm_value: 'residential', name: 'X' }, 'street'],
  ])('%j is a %s', (properties, kind) => {
    expect(toPlace({ geometry: { coordinates: [1, 2] }, properties }).kind).toBe(kind);
  });

  test('a language that the server lacks becomes English', () => {
    expect(['de-AT', 'FR', 'en', 'ja', ''].map(toPhotonLanguage)).toEqual(['de', 'fr', 'en', 'en', 'en']);
  });
});
