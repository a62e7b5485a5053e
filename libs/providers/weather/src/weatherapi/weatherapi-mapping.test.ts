import { describe, expect, test } from '@jest/globals';
import { checkAnswer } from '@universal-api/providers-kit/contract';
import { weatherConditions } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { toCondition } from './weatherapi-conditions.ts';
import { readSunTime, toDay, toHour } from './weatherapi-days.ts';
import { toAirQuality, toCurrentWeather, toWeatherapiAlerts } from './weatherapi-mapping.ts';
import { weatherapiAir, weatherapiAlerts, weatherapiCurrent, weatherapiForecast } from './weatherapi-schema.ts';

const maybe = { requiredKeys: [] as [] };
const value = fc.option(fc.double({ min: -1e5, max: 1e5, noNaN: true }));
const values = (names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
const namesOf = (shape: object, without: readonly string[]) =>
  Object.keys(shape).filter((name) => !without.includes(name));
const currentNames = namesOf(weatherapiCurrent.shape.current.shape, ['last_updated_epoch', 'temp_c', 'condition']);
const daySchema = weatherapiForecast.shape.forecast.shape.forecastday.element;
const dayNames = namesOf(daySchema.shape.day.shape, ['maxtemp_c', 'mintemp_c', 'condition']);
const hourNames = namesOf(daySchema.shape.hour.element.shape, ['time', 'time_epoch', 'temp_c', 'condition']);

describe('weatherapi mapping', () => {
  test('whatever is missing or null in the present weather is absent', () => {
    fc.assert(
      fc.property(values(currentNames), (given) => {
        const answer = weatherapiCurrent.parse({ current: { ...given, last_updated_epoch: 1_795_522_500, temp_c: 1 } });
        expect(checkAnswer(toCurrentWeather(answer))).toEqual([]);
      }),
    );
  });

  test('whatever is missing or null of the air is absent, and nothing at all is no answer', () => {
    fc.assert(
      fc.property(fc.option(values(['co', 'no2', 'o3', 'so2', 'pm2_5', 'pm10'])), (air) => {
        const answer = weatherapiAir.parse({ current: { last_updated_epoch: 1_795_522_500, air_quality: air } });
        expect(checkAnswer(toAirQuality(answer))).toEqual([]);
        expect(toAirQuality(answer) !== undefined).toBe(Object.values(air ?? {}).some((each) => each != null));
      }),
    );
  });

  test('whatever is missing or null in a day or an hour is absent', () => {
    const sun = fc.option(fc.constantFrom('07:42 AM', 'No sunrise', '', '25:00 AM'));
    fc.assert(
      fc.property(values(dayNames), values(hourNames), fc.record({ sunrise: sun, sunset: sun }, maybe), (...given) => {
        const [day, hour, astro] = given;
        const parsed = daySchema.parse({
          date: '2026-11-24',
          day: { ...day, maxtemp_c: 2, mintemp_c: 1 },
          astro,
          hour: [{ ...hour, time: '2026-11-24 07:00', time_epoch: 1_795_500_000, temp_c: 1 }],
        });
        expect(checkAnswer(toDay(parsed))).toEqual([]);
        expect(checkAnswer(parsed.hour.map(toHour))).toEqual([]);
      }),
    );
  });

  test('a sun time is that many minutes after the hour it lies in', () => {
    const hours = [
      { time: '2026-11-24 00:00', time_epoch: 0, temp_c: 1 },
      { time: '2026-11-24 12:00', time_epoch: 43_200, temp_c: 1 },
      { time: '2026-11-24 15:00', time_epoch: 54_000, temp_c: 1 },
    ];
    const at = (text: string) => readSunTime(hours, '2026-11-24', text)?.getTime();
    expect([at('12:05 AM'), at('12:30 PM'), at('03:59 PM'), at('04:00 PM'), at('No sunset')]).toEqual([
      300_000,
      45_000_000,
      57_540_000,
      undefined,
      undefined,
    ]);
  });

  test('every code gives a condition of the closed set', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.integer({ min: 1000, max: 1300 })), (code) => {
        expect(weatherConditions).toContain(toCondition(code));
      }),
    );
    expect([1000, 1009, 1195, 1282, 1].map(toCondition)).toEqual([
      'clear',
      'cloudy',
      'heavy_rain',
      'thunderstorm',
      'unknown',
    ]);
  });

  test('a place without warnings has none', () => {
    expect(toWeatherapiAlerts(weatherapiAlerts.parse({ alerts: { alert: [] } }), 0)).toEqual([]);
  });
});
