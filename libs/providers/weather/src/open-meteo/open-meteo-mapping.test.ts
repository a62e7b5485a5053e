import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import { weatherConditions } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { toCondition } from './open-meteo-conditions.ts';
import { toAirQuality, toCurrentWeather, toForecast } from './open-meteo-mapping.ts';
import {
  airVariables,
  currentVariables,
  dailyVariables,
  hourlyVariables,
  openMeteoAir,
  openMeteoCurrent,
  openMeteoForecast,
} from './open-meteo-schema.ts';

const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(null));
const series = fc.array(value, { minLength: 3, maxLength: 3 });
const record = (names: readonly string[], each: fc.Arbitrary<unknown>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, each])), { requiredKeys: [] });
const noon = 1_795_000_000;

describe('open_meteo mapping', () => {
  test('every code gives a condition of the closed set', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.constantFrom(null, undefined)), (code) => {
        expect(weatherConditions).toContain(toCondition(code));
      }),
    );
  });

  test('whatever is missing or null in the present weather is absent, never null or NaN', () => {
    fc.assert(
      fc.property(record(currentVariables, value), series, (current, precipitation) => {
        const answer = openMeteoCurrent.parse({
          current: { ...current, time: noon, temperature_2m: 1 },
          hourly: { time: [noon, noon + 3600, noon + 7200], precipitation },
        });
        expect(checkAnswer(toCurrentWeather(answer))).toEqual([]);
      }),
    );
  });

  test('whatever is missing or null of the air is absent, and nothing at all is no answer', () => {
    fc.assert(
      fc.property(record(airVariables, value), (current) => {
        const air = toAirQuality(openMeteoAir.parse({ current: { ...current, time: noon } }));
        expect(checkAnswer(air)).toEqual([]);
        expect(air !== undefined).toBe(Object.values(current).some((each) => each != null));
      }),
    );
  });

  test('whatever is missing or null in a forecast is absent, and days without temperatures are left out', () => {
    fc.assert(
      fc.property(record(dailyVariables, series), record(hourlyVariables, series), (daily, hourly) => {
        const time = [noon, noon + 86_400, noon + 172_800];
        const withTemperatures = {
          temperature_2m_max: [1, null, 3],
          temperature_2m_min: [0, 1, 2],
          temperature_2m: [1, 2, null],
        };
        const answer = openMeteoForecast.parse({
          timezone: 'Europe/Berlin',
          utc_offset_seconds: 3600,
          daily: { ...daily, ...withTemperatures, time },
          hourly: { ...hourly, ...withTemperatures, time },
        });
        const forecast = toForecast(answer);
        expect(checkAnswer(forecast)).toEqual([]);
        expect([forecast.days.length, forecast.hours.length]).toEqual([2, 2]);
      }),
    );
  });

  test('where the sun does not rise or set there are no times for it', () => {
    const sunOf = (sunrise: number, sunset: number) =>
      toForecast({
        timezone: 'Arctic/Longyearbyen',
        utc_offset_seconds: 3600,
        daily: {
          time: [noon],
          temperature_2m_max: [1],
          temperature_2m_min: [0],
          sunrise: [sunrise],
          sunset: [sunset],
        },
      }).days.map((day) => [day.sunrise, day.sunset]);
    expect(sunOf(0, 0)).toEqual([[undefined, undefined]]);
    expect(sunOf(noon, noon + 86_400)).toEqual([[undefined, undefined]]);
    expect(sunOf(noon + 100, noon + 200)).toEqual([[new Date((noon + 100) * 1000), new Date((noon + 200) * 1000)]]);
  });
});
