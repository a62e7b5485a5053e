import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import fc from 'fast-check';
import { toPlace } from './open-meteo-mapping.ts';
import { openMeteoPlace } from './open-meteo-schema.ts';

const word = fc.stringMatching(/^[ A-Za-zéü0-9]{0,12}$/);
const place = fc
  .record(
    {
      id: fc.nat(),
      name: word,
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
      feature_code: fc.constantFrom('PPL', 'PPLC', 'PPLX', 'ADM1', 'ADM2', 'PCLI', 'MT', ''),
      country_code: fc.constantFrom('DE', ''),
      country: word,
      admin1: word,
      admin2: word,
      timezone: fc.constantFrom('Europe/Berlin', ''),
      population: fc.nat(),
    },
    { requiredKeys: ['id', 'name', 'latitude', 'longitude'] },
  )
  .map((value) => openMeteoPlace.parse(value));

describe('open_meteo mapping of places', () => {
  test('whatever is missing or empty is absent; nobody lives nowhere', () => {
    fc.assert(
      fc.property(place, (found) => {
        const answer = toPlace(found);
        expect(checkAnswer(answer)).toEqual([]);
        expect(answer.population).not.toBe(0);
      }),
    );
  });

  test.each([
    ['PPLC', 'city'],
    ['PPL', 'city'],
    ['PPLX', 'district'],
    ['ADM1', 'state'],
    ['ADM2', 'county'],
    ['PCLI', 'country'],
    ['MT', 'poi'],
  ])('%s is a %s', (code, kind) => {
    expect(toPlace({ id: 1, name: 'X', latitude: 1, longitude: 2, feature_code: code }).kind).toBe(kind);
  });
});
