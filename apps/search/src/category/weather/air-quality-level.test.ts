import { describe, expect, test } from '@jest/globals';
import type { AirQuality } from '@universal-api/providers-spec';
import fc from 'fast-check';
import { airQualityLevel } from './air-quality-level.ts';

const levels = ['good', 'fair', 'moderate', 'poor', 'very_poor', 'extremely_poor'];
const of = (values: Partial<AirQuality>) => airQualityLevel({ observedAt: new Date(0), ...values });
const amount = fc.double({ min: 0, max: 2000, noNaN: true });
const pollutants = fc.record(
  { pm25Ugm3: amount, pm10Ugm3: amount, ozoneUgm3: amount, nitrogenDioxideUgm3: amount, sulphurDioxideUgm3: amount },
  { requiredKeys: [] },
);

describe('the level of the air', () => {
  test.each([
    [0, 'good'],
    [20, 'good'],
    [20.1, 'fair'],
    [40.5, 'moderate'],
    [61, 'poor'],
    [100, 'very_poor'],
    [101, 'extremely_poor'],
  ])('of index %d is %s, whatever the pollutants are', (europeanAqi, level) => {
    expect(of({ europeanAqi })).toBe(level);
    expect(of({ europeanAqi, pm25Ugm3: 500 })).toBe(level);
  });

  test('without an index is that of the worst pollutant, and more of one never makes it better', () => {
    fc.assert(
      fc.property(pollutants, amount, (air, more) => {
        const level = of(air);
        const alone = Object.entries(air).map(([name, value]) => levels.indexOf(of({ [name]: value }) ?? ''));
        expect(level === undefined ? -1 : levels.indexOf(level)).toBe(Math.max(-1, ...alone));
        const worse = of({ ...air, pm25Ugm3: (air.pm25Ugm3 ?? 0) + more });
        expect(levels.indexOf(worse ?? '')).toBeGreaterThanOrEqual(level === undefined ? 0 : levels.indexOf(level));
      }),
    );
  });

  // Known answers: the middle of each band (https://github.com/open-meteo/open-meteo, AirQualityTests).
  test.each([
    ['pm25Ugm3', [2.5, 10, 32.5, 70, 115, 150]],
    ['pm10Ugm3', [7.5, 30, 82.5, 157.5, 232.5, 280]],
    ['nitrogenDioxideUgm3', [5, 17.5, 42.5, 80, 125, 175]],
    ['ozoneUgm3', [30, 80, 110, 140, 170, 190]],
    ['sulphurDioxideUgm3', [10, 30, 82.5, 157.5, 232.5, 300]],
  ])('of %s alone goes by its bands', (name, values) => {
    expect(values.map((value) => of({ [name]: value }))).toEqual(levels);
  });

  test('is not known where neither is', () => {
    expect(of({})).toBeUndefined();
    expect(of({ carbonMonoxideUgm3: 200, usAqi: 30 })).toBeUndefined();
  });
});
