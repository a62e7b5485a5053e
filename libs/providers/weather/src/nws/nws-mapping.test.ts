import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import { weatherConditions } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { toCondition } from './nws-conditions.ts';
import { toCurrentWeather, toDays, toHour, toNwsAlerts, toPointText } from './nws-mapping.ts';
import { nwsAlerts, nwsHourly, nwsObservation } from './nws-schema.ts';
import { readDirection, readWind, toValue } from './nws-units.ts';

const maybe = { requiredKeys: [] as [] };
const number = fc.double({ min: -1e5, max: 1e5, noNaN: true });
const unit = fc.constantFrom(
  'wmoUnit:degC',
  'wmoUnit:degF',
  'wmoUnit:km_h-1',
  'unit:Pa',
  'wmoUnit:m',
  'wmoUnit:furlong',
);
const quantity = fc.option(fc.record({ unitCode: unit, value: fc.option(number) }));
const observation = fc.record(
  {
    textDescription: fc.option(fc.string()),
    icon: fc.option(fc.constantFrom('https://api.weather.gov/icons/land/night/few?size=medium', 'x')),
    temperature: quantity,
    dewpoint: quantity,
    windDirection: quantity,
    windSpeed: quantity,
    seaLevelPressure: quantity,
    windChill: quantity,
    heatIndex: quantity,
  },
  maybe,
);
const hours = fc
  .array(
    fc.record({
      temperature: fc.integer({ min: -60, max: 130 }),
      temperatureUnit: fc.constantFrom('F', 'C'),
      probabilityOfPrecipitation: quantity,
      windSpeed: fc.option(fc.constantFrom('5 mph', '5 to 10 mph', '7 km/h', '', 'calm')),
      windDirection: fc.option(fc.constantFrom('N', 'SSW', '', 'VAR')),
      shortForecast: fc.option(fc.constantFrom('Sunny', 'Chance Rain Showers', 'Heavy Snow', 'odd')),
    }),
    { minLength: 1, maxLength: 100 },
  )
  .map((periods) => {
    const startTime = (index: number) =>
      `${new Date(Date.UTC(2026, 10, 24, 5 + index)).toISOString().slice(0, 19)}-06:00`;
    const timed = periods.map((period, index) => ({ ...period, startTime: startTime(index) }));
    return nwsHourly.parse({ properties: { periods: timed } }).properties.periods;
  });

describe('nws mapping', () => {
  test('an observation carries nothing that is not known, and none without a temperature is an answer', () => {
    fc.assert(
      fc.property(observation, (properties) => {
        const answer = nwsObservation.parse({ properties: { ...properties, timestamp: '2026-11-24T12:15:00+00:00' } });
        const current = toCurrentWeather(answer);
        expect(checkAnswer(current)).toEqual([]);
        expect(current !== undefined).toBe(toValue(answer.properties.temperature) !== undefined);
      }),
    );
  });

  test('days come in order, each once, with a minimum that is not above the maximum, and hours are all there', () => {
    fc.assert(
      fc.property(hours, (given) => {
        const { days } = toDays(given);
        expect(checkAnswer(days)).toEqual([]);
        expect(checkAnswer(given.map(toHour))).toEqual([]);
        const dates = days.map(({ date }) => date);
        expect(dates).toEqual([...new Set(dates)].sort());
        for (const day of days) expect(day.temperatureMinC).toBeLessThanOrEqual(day.temperatureMaxC);
      }),
    );
  });

  test('every description gives a condition of the closed set', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(weatherConditions).toContain(toCondition(text))));
  });

  test.each([
    ['Sunny', 'clear'],
    ['Mostly Clear', 'partly_cloudy'],
    ['Partly Sunny', 'partly_cloudy'],
    ['Mostly Cloudy', 'cloudy'],
    ['Light Rain and Fog/Mist', 'rain'],
    ['Patchy Fog', 'fog'],
    ['Chance Showers And Thunderstorms', 'thunderstorm'],
    ['Freezing Drizzle Likely', 'freezing_rain'],
    ['Heavy Snow', 'heavy_snow'],
    ['Rain And Snow', 'sleet'],
    ['Blowing Dust', 'dust'],
    ['Sunny then Breezy', 'wind'],
    ['', 'unknown'],
  ])('%s is %s', (text, condition) => {
    expect(toCondition(text)).toBe(condition);
  });

  test('values come in our units, and one of a unit that is not known is none', () => {
    const of = (unitCode: string, value: number | null) => toValue({ unitCode, value });
    expect(of('wmoUnit:degF', 212)).toBe(100);
    expect(of('wmoUnit:m_s-1', 10)).toBe(36);
    expect(of('unit:Pa', 101_325)).toBe(1013.3);
    expect(of('wmoUnit:m', 16_093.44)).toBe(16.1);
    expect([of('wmoUnit:furlong', 1), of('wmoUnit:degC', null), toValue(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([readWind('5 to 10 mph'), readWind('0 mph'), readWind('fast')]).toEqual([16.1, 0, undefined]);
    expect([readDirection('N'), readDirection('NNW'), readDirection('?')]).toEqual([0, 337.5, undefined]);
  });

  test('points never have more than 4 decimals, a zero at their end, an exponent or a negative zero', () => {
    const degrees = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(degrees, degrees, (lat, lon) => {
        for (const part of toPointText({ lat, lon }).split(','))
          expect(part).toMatch(/^(?!-0$)-?\d{1,3}(\.\d{0,3}[1-9])?$/);
      }),
    );
  });

  test('a place without warnings has none, and exercises are none', () => {
    expect(toNwsAlerts({ features: [] }, 0)).toEqual([]);
    const exercise = { id: 'a', event: 'Wind', areaDesc: 'Here', status: 'Exercise' };
    expect(toNwsAlerts(nwsAlerts.parse({ features: [{ properties: exercise }] }), 0)).toEqual([]);
  });
});
