import { describe, expect, test } from '@jest/globals';
import type { CountryFact } from '../plan/reading.ts';
import { answerCountry, type AnsweredCountry } from './answer-country.ts';
import { answerDefinition } from './answer-definition.ts';
import { answerPlace } from './answer-place.ts';
import { answerLanguage } from './answer-text.ts';
import { answerTime } from './answer-time.ts';
import { answerWeather } from './answer-weather.ts';

const peru: AnsweredCountry = {
  code: 'PE',
  name: 'Peru',
  names: { fra: 'Pérou' },
  capitals: ['Lima'],
  region: 'Americas',
  subregion: 'South America',
  currencies: [{ code: 'PEN', name: 'Peruvian sol' }],
  languages: [
    { code: 'spa', name: 'Spanish' },
    { code: 'que', name: 'Quechua' },
  ],
  borders: ['BO', 'BR'],
  callingCodes: ['+51'],
  areaKm2: 1_285_216,
};

describe('a fact of a country', () => {
  test.each<[CountryFact | undefined, string, string, string]>([
    ['capital', 'The capital of Peru is Lima.', 'Pérou : la capitale est Lima.', 'Lima'],
    [undefined, 'The capital of Peru is Lima.', 'Pérou : la capitale est Lima.', 'Lima'],
    [
      'currency',
      'The currency of Peru is the Peruvian Sol (PEN).',
      'Pérou : la monnaie est sol péruvien (PEN).',
      'PEN',
    ],
    ['borders', 'Peru borders Bolivia and Brazil.', 'Pérou : frontières avec Bolivie et Brésil.', 'Bolivia, Brazil'],
    ['region', 'Peru is in South America.', 'Pérou : région Amériques.', 'Americas'],
    ['calling_code', 'The calling code of Peru is +51.', "Pérou : l'indicatif est +51.", '+51'],
  ])('%s', (fact, english, frenchText, value) => {
    expect(answerCountry(peru, fact, 'en')).toMatchObject({ text: english, value });
    expect(answerCountry(peru, fact, 'fr')?.text.replace(/[\u00A0\u202F]/g, ' ')).toBe(frenchText);
  });

  test('that ends in a full stop has no second one', () => {
    const usa = { ...peru, name: 'United States', capitals: ['Washington D.C.'] };
    expect(answerCountry(usa, 'capital', 'en')?.text).toBe('The capital of the United States is Washington D.C.');
    expect(answerCountry({ ...peru, capitals: ['Washington D.C.'] }, 'capital', 'fr')?.text).toBe(
      'Pérou : la capitale est Washington D.C.',
    );
  });

  test.each([
    ['Netherlands', 'The capital of the Netherlands is Lima.'],
    ['Republic of the Congo', 'The capital of the Republic of the Congo is Lima.'],
    ['United Arab Emirates', 'The capital of the United Arab Emirates is Lima.'],
    ['Isle of Man', 'The capital of the Isle of Man is Lima.'],
    ['Cook Islands', 'The capital of the Cook Islands is Lima.'],
    ['Peru', 'The capital of Peru is Lima.'],
  ])('of %s is told with its article, if it has one', (name, text) => {
    expect(answerCountry({ ...peru, name }, 'capital', 'en')?.text).toBe(text);
  });

  test('begins with a capital letter', () => {
    expect(answerCountry({ ...peru, name: 'Netherlands' }, 'borders', 'en')?.text).toMatch(/^The Netherlands borders/);
  });

  test('has its unit, and a number in the way of the language', () => {
    expect(answerCountry(peru, 'area', 'en')).toEqual({
      text: 'The area of Peru is 1,285,216 km².',
      value: '1285216',
      unit: 'km²',
      exact: false,
    });
    expect(answerCountry(peru, 'languages', 'en')).toMatchObject({
      text: 'The official languages of Peru are Spanish and Quechua.',
      value: 'Spanish, Quechua',
    });
  });

  test('that the data does not have is no answer', () => {
    expect(answerCountry(peru, 'population', 'en')).toBeUndefined();
    expect(answerCountry({ ...peru, capitals: [] }, 'capital', 'en')).toBeUndefined();
    expect(answerCountry({ ...peru, borders: [] }, 'borders', 'fr')).toBeUndefined();
  });
});

describe('a time', () => {
  const tokyo = { timezone: 'Asia/Tokyo', localTime: '2026-11-24T23:05:07+09:00' };

  test('is that of the place, in words', () => {
    expect(answerTime(tokyo, 'Tokyo', 'en')).toEqual({
      text: 'It is 23:05 on Tuesday, November 24, 2026 in Tokyo (Asia/Tokyo, UTC+09:00).',
      value: '23:05',
      unit: '',
      exact: true,
    });
    expect(answerTime(tokyo, 'Tokyo', 'fr')?.text).toBe(
      'Tokyo : il est 23:05, mardi 24 novembre 2026 (Asia/Tokyo, UTC+09:00).',
    );
  });

  test('that cannot be read is no answer', () => {
    expect(answerTime({ timezone: 'UTC', localTime: 'now' }, 'X', 'en')).toBeUndefined();
  });
});

describe('other answers', () => {
  test('the weather has its degrees, and a condition only if it is known', () => {
    expect(answerWeather({ temperatureC: 6.4, condition: 'heavy_rain' }, 'Lyon', 'en').text).toBe(
      'Lyon: 6.4 °C, heavy rain.',
    );
    expect(answerWeather({ temperatureC: 6.4, condition: 'rain' }, 'Lyon', 'fr').text).toBe('Lyon : 6,4 °C, pluie.');
    expect(answerWeather({ temperatureC: -2, condition: 'unknown' }, 'Lyon', 'en')).toEqual({
      text: 'Lyon: -2 °C.',
      value: '-2',
      unit: '°C',
      exact: false,
    });
  });

  test('a definition is the dictionary’s own words', () => {
    const definitions = [{ text: 'good luck' }];
    const word = { word: 'serendipity', meanings: [{ partOfSpeech: 'noun', definitions }] };
    expect(answerDefinition(word, 'en')).toMatchObject({ text: 'serendipity (noun): good luck', value: 'good luck' });
    expect(answerDefinition(word, 'fr')?.text).toBe('serendipity (nom) : good luck');
    expect(answerDefinition({ word: 'x', meanings: [] }, 'en')).toBeUndefined();
  });

  test('a place is its label and its point', () => {
    expect(answerPlace({ label: 'Lyon, France', lat: 45.75, lon: 4.85 })).toMatchObject({
      text: 'Lyon, France (45.75, 4.85)',
      value: '45.75, 4.85',
    });
  });

  test.each([
    ['fr', 'fr'],
    ['fr-CA', 'fr'],
    ['frr', 'en'],
    ['de', 'en'],
  ])('a search in %s is answered in %s', (language, answered) => {
    expect(answerLanguage(language)).toBe(answered);
  });
});
