import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import { weatherConditions } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { isDaySymbol, toCondition } from './met-norway-conditions.ts';
import { toDays } from './met-norway-days.ts';
import { toCurrentWeather, toForecastUrl, toHour, toKmh } from './met-norway-mapping.ts';
import { metNorwayForecast } from './met-norway-schema.ts';

const number = fc.double({ min: -1000, max: 1000, noNaN: true });
const maybe = { requiredKeys: [] as [] };
const period = fc.option(
  fc.record(
    {
      summary: fc.record(
        { symbol_code: fc.constantFrom('fair_day', 'rain', 'lightssnowshowersandthunder_night') },
        maybe,
      ),
      details: fc.record({ precipitation_amount: number }, maybe),
    },
    maybe,
  ),
  { nil: undefined },
);
const data = fc.record({
  instant: fc.record({
    details: fc.record(
      { air_temperature: number, wind_speed: number, wind_from_direction: number, relative_humidity: number },
      { requiredKeys: ['air_temperature'] },
    ),
  }),
  next_1_hours: period,
  next_6_hours: period,
});
const answers = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 12 }), data), { minLength: 1, maxLength: 60 })
  .map((steps) => {
    let time = Date.UTC(2026, 10, 24, 5);
    const timeseries = steps.map(([hours, each]) => ({
      time: new Date((time += hours * 3_600_000)).toISOString(),
      data: each,
    }));
    return metNorwayForecast.parse({ properties: { timeseries } });
  });
const zones = fc.constantFrom('UTC', 'Europe/Oslo', 'Pacific/Kiritimati', 'America/St_Johns');

describe('met_norway mapping', () => {
  test('every symbol gives a condition of the closed set', () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), (symbol) => {
        expect(weatherConditions).toContain(toCondition(symbol));
      }),
    );
  });

  test.each([
    ['clearsky_day', 'clear'],
    ['fair_night', 'partly_cloudy'],
    ['partlycloudy_polartwilight', 'partly_cloudy'],
    ['cloudy', 'cloudy'],
    ['fog', 'fog'],
    ['lightrainshowers_day', 'rain'],
    ['heavyrain', 'heavy_rain'],
    ['heavysleetshowers_night', 'sleet'],
    ['lightsnow', 'snow'],
    ['heavysnowshowers_day', 'heavy_snow'],
    ['heavysnowandthunder', 'thunderstorm'],
    ['lightssleetshowersandthunder_day', 'thunderstorm'],
    ['a new word', 'unknown'],
  ])('%s is %s', (symbol, condition) => {
    expect(toCondition(symbol)).toBe(condition);
  });

  test('day and night are told only by symbols that differ', () => {
    expect(['fair_day', 'fair_night', 'fair_polartwilight', 'rain'].map(isDaySymbol)).toEqual([
      true,
      false,
      undefined,
      undefined,
    ]);
  });

  test('present weather and hours carry nothing that is not known', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        expect(checkAnswer(toCurrentWeather(answer))).toEqual([]);
        expect(checkAnswer(answer.properties.timeseries.map(toHour))).toEqual([]);
      }),
    );
  });

  test('days come in order, each once, with a minimum that is not above the maximum', () => {
    fc.assert(
      fc.property(answers, zones, (answer, zone) => {
        const { days } = toDays(answer, zone);
        expect(checkAnswer(days)).toEqual([]);
        const dates = days.map(({ date }) => date);
        expect(dates).toEqual([...new Set(dates)].sort());
        for (const day of days) {
          expect(day.temperatureMinC).toBeLessThanOrEqual(day.temperatureMaxC);
          expect(weatherConditions).toContain(day.condition);
        }
      }),
    );
  });

  test('coordinates never have more than 4 decimals, an exponent or a negative zero', () => {
    const settings = { hosts: { base: 'https://x' }, userAgent: '', http: { get: () => Promise.reject(new Error()) } };
    const degrees = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(degrees, degrees, (lat, lon) => {
        const url = new URL(toForecastUrl(settings, { lat, lon }));
        for (const value of url.searchParams.values()) expect(value).toMatch(/^(?!-0$)-?\d{1,3}(\.\d{1,4})?$/);
      }),
    );
  });

  test('1 m/s is 3.6 km/h', () => {
    expect(toKmh(1)).toBe(3.6);
    expect(toKmh(undefined)).toBeUndefined();
  });
});
